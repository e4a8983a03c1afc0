import { writeFile } from "node:fs/promises";
import type { CommandDef } from "citty";
import type { TransformerAdder } from "@ganglion/adders";
import type { Certificate } from "@ganglion/models";
import { command } from "../../command.ts";
import { FailedRun } from "../../errors.ts";
import { oneOperand } from "../../options.ts";

const args = {
  model: { type: "positional", required: false, description: "A transformer that adds" },
  out: { type: "string", description: "Write the certificate to a file", valueHint: "file" },
  json: { type: "boolean", description: "Print the whole certificate as JSON" },
} as const;

/** `ganglion prove`. */
export const prove: CommandDef = command({
  meta: { name: "prove", description: "Compute whether a transformer adds all numbers rightly" },
  args,
  async run({ args: given }) {
    const name = oneOperand("prove", given._, "tiny9");
    const { loadTransformer } = await import("@ganglion/models");
    const { prove: certify, adder } = await loadTransformer(name, "prove");
    if (certify === undefined)
      throw new FailedRun(`prove: expected a model with a known way to prove it, and ${name} has none`);
    const certificate = certify();
    const text = JSON.stringify(certificate, null, 2);
    if (given.out !== undefined) await writeFile(given.out, `${text}\n`);
    process.stdout.write(
      given.json === true
        ? `${text}\n`
        : `${[...describe(certificate), ...(await longSums(certificate, adder))].join("\n")}\n`,
    );
    if (!certificate.proved) throw new FailedRun(`prove: ${name} is not right for all inputs`);
  },
});

function describe(certificate: Certificate): string[] {
  const { model, proved, claim, conditions, failing, counterexample } = certificate;
  return [
    `${model}: ${proved ? "proved" : "not proved"}: ${claim}`,
    `${conditions - failing} of ${conditions} conditions hold`,
    ...details(certificate),
    ...(counterexample === undefined
      ? []
      : [`${counterexample.a} + ${counterexample.b} = ${counterexample.expected}, answered ${counterexample.answer}`]),
  ];
}

function details(certificate: Certificate): string[] {
  switch (certificate.kind) {
    case "transitions":
      return [...certificate.induction, `least margin ${certificate.margin.toFixed(3)} logits`];
    case "places":
      return [
        ...certificate.failures.map(({ step, digit, rival, end, slack }) => {
          const where = end === "low" ? "at its lowest remainder" : "at its highest remainder";
          return `fails: digit ${step + 1} should be ${digit}, but ${rival} is preferred ${where}, by ${(-slack).toFixed(3)} units`;
        }),
        `least slack ${certificate.slack.toFixed(3)} units of the last place`,
      ];
    case "columns":
      return certificate.groups
        .filter(({ failing }) => failing > 0)
        .map(
          ({ step, previous, failing, cells }) =>
            `fails: place ${step}, digit before ${previous}: ${failing} of ${cells} pairs of columns`,
        );
    case "carries":
      return certificate.cells
        .filter(({ lead }) => !(lead > 0))
        .slice(0, 20)
        .map(
          ({ step, carry, previous, total, digit }) =>
            `fails: place ${step}, carry ${carry}, digit before ${previous}, column ${total}: ${digit} is not always preferred`,
        );
  }
}

/** An induction over places is best seen at work: a sum of a thousand digits. */
async function longSums(certificate: Certificate, adder: (digits?: number) => TransformerAdder): Promise<string[]> {
  if (certificate.kind !== "transitions" || !certificate.proved) return [];
  const { decodeOne } = await import("@ganglion/adders");
  const [a, b] = [BigInt("9".repeat(1000)), BigInt("123456789".repeat(111))];
  const right = decodeOne(adder(1000), a, b) === a + b;
  return [`a sum of 1,000 digits, run: ${right ? "right" : "wrong"}`];
}
