import { join } from "node:path";
import type { CommandDef } from "citty";
import type { Definition } from "@ganglion/models";
import { command } from "../command.ts";
import { FailedRun, UsageError } from "../errors.ts";
import { fastOption, useFast } from "../fast.ts";
import { numberOption, oneOperand, seconds, threadsOption, whole } from "../options.ts";
import { settingsOf } from "../runFolder.ts";
import type { RunSettings } from "../runFolder.ts";
import { trainBurst } from "../training.ts";

const args = {
  model: { type: "positional", required: false, description: "gary, ripple, ripple-add-sub, gpt46, arc62 or qr54" },
  out: { type: "string", description: "Folder of the run; runs/<model> unless given", valueHint: "dir" },
  resume: { type: "boolean", description: "Continue the run in the folder, exactly where it stopped" },
  seconds: { type: "string", description: "Stop after so many seconds, to be resumed", valueHint: "40" },
  set: { type: "string", description: "Change the recipe, as in lr=.002,batch=64", valueHint: "name=value" },
  "until-proved": {
    type: "boolean",
    description: "Of arc62 and qr54: prove now and then, feed failing sums back, stop when proved",
  },
  seed: { type: "string", description: "Of gpt46, arc62 and qr54: another seed than the recipe's", valueHint: "0" },
  levels: {
    type: "string",
    description: "Fine-tune the weights that ship for integers with codes up to this, instead of training from nothing",
    valueHint: "7",
  },
  mine: { type: "boolean", description: "Search for problems that fail and feed them back to the pool" },
  threads: { type: "string", description: "Threads to compute on; results do not depend on it", valueHint: "auto" },
  fast: fastOption,
  json: { type: "boolean", description: "Report as JSON" },
} as const;

/** `ganglion train`. */
export const train: CommandDef = command({
  meta: { name: "train", description: "Train a model from nothing, in bursts of any length" },
  args,
  async run({ args: given }) {
    const name = oneOperand("train", given._, "gary");
    const limit = numberOption("train", "seconds", given.seconds, seconds);
    const seed = numberOption("train", "seed", given.seed, whole);
    const levels = numberOption("train", "levels", given.levels, codes);
    const wanted = threadsOption("train", given.threads);
    const { define, isTransformer, threads } = await import("@ganglion/models");
    await useFast("train", given.fast, { model: name, arithmetic: "float32" });
    const folder = given.out ?? join("runs", name);
    const resume = given.resume === true;
    const untilProved = given["until-proved"] === true;
    if (isTransformer(name)) {
      if (levels !== undefined) throw notFor("levels", "gary, ripple or ripple-add-sub", name);
      const { trainTransformer } = await import("./transformers/train.ts");
      return trainTransformer(name, { folder, resume, seconds: limit, untilProved, seed, json: given.json === true });
    }
    if (untilProved || seed !== undefined) {
      throw untilProved
        ? notFor("until-proved", "gpt46, arc62 or qr54", name)
        : notFor("seed", "gpt46, arc62 or qr54", name);
    }
    threads(wanted);
    const definition = await define(name);
    const settings = resume
      ? await begunSettings(definition, folder, { set: given.set, mine: given.mine, levels: given.levels })
      : await newSettings(definition, given.set, given.mine, levels);
    const { step, updates, stopped, files } = await trainBurst(definition, settings, { folder, resume, limit });
    const again = `ganglion train ${name} --resume${given.out === undefined ? "" : ` --out ${folder}`}${given.fast === true ? " --fast" : ""}`;
    const finished = stopped === "finished";
    if (given.json === true) {
      const report = { model: name, folder, step, updates, stopped, files, ...(finished ? {} : { resume: again }) };
      process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    } else if (finished) process.stdout.write(`trained ${step} updates; weights in ${files.join(" and ")}\n`);
    else process.stdout.write(`stopped after ${step} of ${updates} updates; go on with: ${again}\n`);
  },
});

async function newSettings(
  { recipe }: Definition,
  changes: string | undefined,
  mine: boolean | undefined,
  levels: number | undefined,
): Promise<RunSettings> {
  const { changeRecipe, quantisedRecipe } = await import("@ganglion/models");
  const wanted = levels === undefined ? recipe : quantisedRecipe(recipe, levels);
  return { recipe: changeRecipe(wanted, changes?.split(",") ?? []), mine: mine === true };
}

/** Codes of int8. */
const codes = {
  expected: "a whole number from 1 to 127",
  fits: (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= 127,
};

function notFor(option: string, models: string, name: string): UsageError {
  return new UsageError(`train: expected --${option} with ${models} only, received ${name}`);
}

/** The settings with which the run in the folder began. */
async function begunSettings(
  { recipe }: Definition,
  folder: string,
  given: { readonly set: string | undefined; readonly mine: boolean | undefined; readonly levels: string | undefined },
): Promise<RunSettings> {
  const changed = (["set", "mine", "levels"] as const).find((option) => (given[option] ?? false) !== false);
  if (changed !== undefined) {
    throw new UsageError(
      `train: expected --resume without --${changed}: a run goes on with the settings it began with`,
    );
  }
  const settings = await settingsOf("train", folder);
  if (settings.recipe.model === recipe.model) return settings;
  throw new FailedRun(`train: expected a run of ${recipe.model} in ${folder}, found one of ${settings.recipe.model}`);
}
