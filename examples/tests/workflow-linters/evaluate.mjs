// Says what GitHub makes of an expression: reads {"expression", "situations"} from standard input, where a situation is
// the contexts by their names, and prints the expression's value in each.

import { Evaluator, Lexer, Parser, data } from "@actions/expressions";
import { readFileSync } from "node:fs";

const { expression, situations } = JSON.parse(readFileSync(0, "utf8"));
const values = situations.map((contexts) => {
  const tree = new Parser(new Lexer(expression).lex().tokens, Object.keys(contexts), []).parse();
  return new Evaluator(tree, JSON.parse(JSON.stringify(contexts), data.reviver)).evaluate();
});
console.log(JSON.stringify(values, data.replacer));
