import { join } from "node:path";
import type { CommandDef } from "citty";
import { command } from "../command.ts";
import type { AdderParams, Precision } from "@ganglion/models";
import { FailedRun, UsageError } from "../errors.ts";
import { oneOperand } from "../options.ts";
import { writeBytes } from "../write.ts";

const precisions: readonly Precision[] = ["int8", "int8-per-tensor", "float32"];

const args = {
  model: { type: "positional", required: false, description: "Name of a model" },
  run: {
    type: "string",
    description: "Folder of a training run; the weights that ship unless given",
    valueHint: "dir",
  },
  precision: { type: "string", description: "How weights are written", valueHint: precisions.join("|") },
  out: {
    type: "string",
    description: "File to write; <model>.ganglion, or .safetensors for a transformer, unless given",
    valueHint: "file",
  },
  json: { type: "boolean", description: "Report as JSON" },
} as const;

/** `ganglion export`. */
export const exportCommand: CommandDef = command({
  meta: { name: "export", description: "Write weights to a file" },
  args,
  async run({ args: given }) {
    const name = oneOperand("export", given._, "ripple");
    const { isTransformer } = await import("@ganglion/models");
    if (isTransformer(name)) {
      const { run, precision, out, json } = given;
      return exportTransformer(name, { run, precision, out, json });
    }
    const precision = precisions.find((known) => known === (given.precision ?? "int8"));
    if (precision === undefined) {
      const { didYouMean } = await import("@ganglion/models");
      const expected = `expected --precision to be ${precisions.join(", ")}`;
      throw new UsageError(
        `export: ${expected}, received ${given.precision}.${didYouMean(given.precision!, precisions)}`,
      );
    }
    const { define, encodeWeights, load } = await import("@ganglion/models");
    const { adder } = await define(name);
    const params =
      given.run === undefined
        ? (await load(name, { precision: "float32" })).params
        : await trainedParams(name, given.run);
    const file = given.out ?? `${name}.ganglion`;
    const bytes = encodeWeights(adder, params, { precision });
    await writeBytes("export", file, bytes);
    const report = { model: name, precision, file, bytes: bytes.length };
    const line = `${file}: ${name} as ${precision}, ${bytes.length.toLocaleString("en")} bytes`;
    process.stdout.write(`${given.json === true ? JSON.stringify(report, null, 2) : line}\n`);
  },
});

/** What was asked of `export`. */
interface Given {
  readonly run: string | undefined;
  readonly precision: string | undefined;
  readonly out: string | undefined;
  readonly json: boolean | undefined;
}

/** The weights of a transformer that adds, in float64, as a safetensors file. */
async function exportTransformer(name: string, { run, precision, out, json }: Given): Promise<void> {
  const foreign = run === undefined ? (precision === undefined ? undefined : "--precision") : "--run";
  if (foreign !== undefined) {
    throw new UsageError(
      `export: expected no ${foreign} with ${name}, whose weights are written as they ship, in float64`,
    );
  }
  const { loadTransformer } = await import("@ganglion/models");
  const { exportWeights } = await import("@ganglion/adders");
  const file = out ?? `${name}.safetensors`;
  const bytes = exportWeights((await loadTransformer(name, "export")).adder());
  await writeBytes("export", file, bytes);
  const report = { model: name, format: "safetensors", precision: "float64", file, bytes: bytes.length };
  const line = `${file}: ${name} as safetensors in float64, ${bytes.length.toLocaleString("en")} bytes`;
  process.stdout.write(`${json === true ? JSON.stringify(report, null, 2) : line}\n`);
}

/** The averaged weights of the newest checkpoint of a run. */
async function trainedParams(name: string, folder: string): Promise<AdderParams> {
  const { define, encodeWeights, decodeWeights, trainer } = await import("@ganglion/models");
  const { readCheckpoint } = await import("@ganglion/train/node");
  const { recipeOf } = await import("../runFolder.ts");
  const { recipe, state } = {
    recipe: await recipeOf("export", folder),
    state: await readCheckpoint(join(folder, "checkpoints")),
  };
  if (recipe.model !== name)
    throw new FailedRun(`export: expected a run of ${name} in ${folder}, found one of ${recipe.model}`);
  const { adder } = await define(name);
  const params = trainer(recipe, adder).weights(state.tree as Parameters<ReturnType<typeof trainer>["weights"]>[0]);
  return decodeWeights(adder, encodeWeights(adder, params, { precision: "float32" }));
}
