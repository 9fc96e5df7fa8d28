// Starts the emulator with the seed in the first argument, says where it listens, and ends with whoever started it.

import "./corrections.mjs";
import { createSign } from "node:crypto";

const { createEmulator } = await import("emulate");
const seed = JSON.parse(process.argv[2]);
const emulator = await createEmulator({ service: "github", port: 0, seed });
const keys = Object.fromEntries(emulator.generatedSecrets.map((secret) => [secret.id, secret.value]));

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

function appToken(app) {
  const now = Math.floor(Date.now() / 1000);
  const text = `${part({ alg: "RS256", typ: "JWT" })}.${part({ iat: now - 60, exp: now + 300, iss: String(app.app_id) })}`;
  return `${text}.${createSign("RSA-SHA256").update(text).sign(keys[app.app_id], "base64url")}`;
}

async function installationToken(app, installation) {
  const address = `${emulator.url}/app/installations/${installation.installation_id}/access_tokens`;
  const headers = { authorization: `Bearer ${appToken(app)}` };
  const answer = await fetch(address, { method: "POST", headers });
  if (!answer.ok) throw new Error(`no token for ${app.slug}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()).token;
}

const tokens = {};
for (const app of seed.github.apps ?? []) {
  const wanted = Array.from({ length: seed.slots ?? 1 }, () => installationToken(app, app.installations[0]));
  tokens[app.slug] = await Promise.all(wanted);
}

console.log(JSON.stringify({ url: emulator.url, keys, tokens }));
process.stdin.resume();
process.stdin.on("close", () => process.exit(0));
