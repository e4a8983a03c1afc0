/**
 * What runs in a worker thread: it imports a user's module and answers one kind of question. The worker that decodes is
 * never told the operands, nor are its tokens made in the same thread. Plain JavaScript, since a worker is started from
 * text: that works from sources, from a package and from a bundle alike.
 */
export const program = `
const { parentPort, workerData } = require("node:worker_threads");
const { pathToFileURL } = require("node:url");
const fail = (offence, problem) => { throw Object.assign(new Error(problem), { offence }); };
const isTokens = (list) => Array.isArray(list) && list.length > 0 && list.every((token) => Number.isSafeInteger(token) && token >= 0);
let attended = 0;
const attend = (weights) => {
  attended++;
  return weights;
};
const ignore = (weights) => {
  attended++;
  return Array.from(weights, () => 0);
};
const rowsOf = (module, tokens, hook = attend) => {
  const given = module.forward(tokens.slice(), hook);
  if (!Array.isArray(given) || given.length !== tokens.length) {
    fail("interface", "expected forward to return one row of logits per token, received " + (Array.isArray(given) ? given.length + " for " + tokens.length + " tokens" : typeof given));
  }
  return given.map((row) => {
    const logits = Array.from(row ?? []);
    if (logits.length === 0) fail("interface", "expected forward to return rows of logits, received an empty row");
    if (logits.some((logit) => typeof logit !== "number" || Number.isNaN(logit))) fail("not a number", "expected logits that are numbers, received NaN");
    return logits;
  });
};
const MOST = 10_000_000;
const numbersIn = (value, seen, found) => {
  if (typeof value === "number") found.push(value);
  if (typeof value !== "object" || value === null || seen.has(value) || found.length > MOST) return found;
  seen.add(value);
  for (const each of ArrayBuffer.isView(value) ? Array.from(value, Number) : Object.values(value)) numbersIn(each, seen, found);
  return found;
};
const interfaceNames = new Set(["name", "steps", "parameters", "default"]);
const questions = {
  describe: (module) => ({
    name: typeof module.name === "string" ? module.name : undefined,
    steps: module.steps,
    parameters: module.parameters,
    exported: numbersIn(Object.entries(module).filter(([name]) => !interfaceNames.has(name)).map(([, value]) => value), new Set(), []),
    missing: ["encode", "forward", "decode"].filter((part) => typeof module[part] !== "function"),
  }),
  encode: (module, pairs) => pairs.map(([a, b]) => {
    const tokens = Array.from(module.encode(a, b) ?? []);
    if (!isTokens(tokens)) fail("tokens", "expected encode to return whole numbers from 0, at least one");
    return tokens;
  }),
  complete: (module, { prompts, steps, without }) => {
    let [margin, ties] = [Infinity, 0];
    const before = attended;
    const sequences = prompts.map((prompt) => {
      const tokens = prompt.slice();
      for (let step = 0; step < steps; step++) {
        const last = rowsOf(module, tokens, without ? ignore : attend).at(-1);
        let best = 0;
        for (let i = 1; i < last.length; i++) if (last[i] > last[best]) best = i;
        let second = -Infinity;
        for (let i = 0; i < last.length; i++) if (i !== best && last[i] > second) second = last[i];
        margin = Math.min(margin, last[best] - second);
        if (last[best] === second) ties++;
        tokens.push(best);
      }
      return tokens;
    });
    return { sequences, margin, ties, attended: attended - before };
  },
  forward: (module, sequences) => sequences.map((tokens) => rowsOf(module, tokens)),
  decode: (module, answers) => answers.map((tokens) => String(module.decode(tokens))),
};
const firstLine = (error) => String(error?.message ?? error).split("\\n", 1)[0];
const loaded = import(pathToFileURL(workerData.file).href).then(
  (module) => ({ ...module.default, ...module }),
  (error) => fail("throws", "expected a module that loads, received " + firstLine(error)),
);
loaded.catch(() => undefined);
parentPort.on("message", async ({ question, given }) => {
  try {
    parentPort.postMessage({ answer: questions[question](await loaded, given) });
  } catch (error) {
    parentPort.postMessage({ offence: error?.offence ?? "throws", problem: error?.offence ? error.message : question + " threw " + firstLine(error) });
  }
});
`;
