// Says what GitHub makes of an expression: reads {"expression", "contexts"} from standard input, prints its value.

import { Evaluator, Lexer, Parser, data } from "@actions/expressions";
import { readFileSync } from "node:fs";

const { expression, contexts } = JSON.parse(readFileSync(0, "utf8"));
const tree = new Parser(new Lexer(expression).lex().tokens, Object.keys(contexts), []).parse();
const known = JSON.parse(JSON.stringify(contexts), data.reviver);
console.log(JSON.stringify(new Evaluator(tree, known).evaluate(), data.replacer));
