/** A module that does what it should: each digit from two columns and the digit before, nothing from later tokens. */
const honest = String.raw`export const name = "honest";
export const steps = 11;
export const parameters = { claimed: 2, values: [1, 10, -1], constants: [0, 10] };
const digits = (text) => Array.from(text.padStart(10, "0"), Number).toReversed();
export const encode = (a, b) => [...digits(a), 0, ...digits(b), 0];
export const decode = (tokens) =>
  tokens
    .toReversed()
    .join("")
    .replace(/^0+(?=\d)/u, "");

export function forward(tokens) {
  return tokens.map((own, place) => {
    const column = place - 21;
    if (column < 0) return Array.from({ length: 10 }, () => 0);
    const here = column < 10 ? tokens[column] + tokens[11 + column] : 0;
    const carry = column > 0 && tokens[column - 1] + tokens[10 + column] - own > 4 ? 1 : 0;
    return Array.from({ length: 10 }, (_, digit) => -Math.abs(((here + carry) % 10) - digit));
  });
}
`;

/** The same, by attention: it takes both digits of a column, and those of the column before, through what it is handed. */
const attentive = honest
  .replace('"honest"', '"attentive"')
  .replace(/export const parameters.*\n/u, "")
  .replace("forward(tokens)", "forward(tokens, attend)")
  .replace(
    "    const here = column",
    String.raw`    const weigh = (places) => attend(tokens.slice(0, place + 1).map((_, at) => (places.includes(at) ? 0.25 : 0)));
    const see = (places) => 4 * weigh(places).reduce((sum, weight, at) => sum + weight * tokens[at], 0);
    const here = column`,
  )
  .replace("tokens[column] + tokens[11 + column]", "see([column, 11 + column])")
  .replace("tokens[column - 1] + tokens[10 + column]", "see([column - 1, 10 + column])");

const parts = `
export const steps = 2;
export const encode = () => [1, 0];
export const decode = (tokens) => tokens.join("");
`;
const predicting = (body: string): string => `${parts}export const forward = (tokens) => { ${body} };`;

/** Modules that face the verifier, by name. */
export const modules: Readonly<Record<string, string>> = {
  honest,
  attentive,
  pretends: attentive.replace("const weigh = (places) => attend(", "attend([1]); const weigh = (places) => ("),
  exporting: honest.replace(
    /export const parameters.*\n/u,
    "export const weights = { a: [[1, -1], [0.5, 0]], b: new Float32Array([2]) };\n",
  ),
  remembers: honest
    .replace("const here =", "if (tokens.length === 21 + 1) first = tokens.slice(); const here =")
    .replaceAll("tokens[", "first[")
    .replace("export const steps", "let first = [];\nexport const steps"),
  throws: predicting('throw new Error("no such layer");'),
  hangs: predicting("for (;;) if (tokens.length < 0) return [];"),
  nan: predicting("return tokens.map(() => [0, Number.NaN]);"),
  exits: predicting("process.exit(3);"),
  peeks: predicting("return tokens.map(() => [tokens.length, tokens.at(-1)]);"),
  short: predicting("return [[0, 1]];"),
  missing: "export const steps = 2; export const encode = () => [1]; export const forward = () => [[1]];",
  tokens: predicting("return tokens.map(() => [0, 1]);").replace("[1, 0]", "[-1, 0.5]"),
  loads: 'export { steps } from "./does-not-exist.mjs";',
};
