// Says what is wrong with GraphQL requests by GitHub's public schema: one request a line, one list of faults a line.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { buildSchema, getOperationAST, getVariableValues, parse, validate } from "graphql";

const file = new URL("node_modules/@octokit/graphql-schema/schema.graphql", import.meta.url);
// The release that is pinned defines two fields twice, alike, which is not valid and does no harm.
const schema = buildSchema(readFileSync(file, "utf8"), { assumeValidSDL: true });

function faults({ query, variables }) {
  let document;
  try {
    document = parse(query);
  } catch (error) {
    return [error.message];
  }
  const found = validate(schema, document).map((error) => error.message);
  if (found.length > 0) return found;
  const operation = getOperationAST(document);
  if (!operation) return ["there must be one operation"];
  const declared = operation.variableDefinitions.map((definition) => definition.variable.name.value);
  const unknown = Object.keys(variables ?? {}).filter((name) => !declared.includes(name));
  const { errors } = getVariableValues(schema, operation.variableDefinitions, variables ?? {});
  return [...unknown.map((name) => `no variable $${name} is declared`), ...(errors ?? []).map((error) => error.message)];
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(faults(JSON.parse(line))));
}
