import type { CommandDef } from "citty";
import { command } from "../command.ts";
import { noOperands } from "../options.ts";
import { percent } from "../render/percent.ts";

const args = { json: { type: "boolean", description: "Report the cards as JSON" } } as const;

/** `ganglion models`. */
export const models: CommandDef = command({
  meta: { name: "models", description: "List the models and what they can do" },
  args,
  async run({ args: given }) {
    noOperands("models", given._);
    const { define, modelNames } = await import("@ganglion/models");
    const cards = await Promise.all(modelNames.map(async (name) => (await define(name)).card));
    if (given.json === true) {
      process.stdout.write(`${JSON.stringify(cards, null, 2)}\n`);
      return;
    }
    const { renderTable } = await import("../render/table.ts");
    const { styleFor } = await import("../terminal/style.ts");
    const table = renderTable(
      ["model", ">parameters", "does", "digits", ">8 orders", "task"],
      cards.map(({ model, parameters, operations, maxDigits, figures, task }) => [
        model,
        parameters.toLocaleString("en"),
        operations.join(" "),
        maxDigits === null ? "any" : `up to ${maxDigits}`,
        percent(figures?.rows.find(({ suite }) => suite === "orders")?.measured) || "not measured",
        task,
      ]),
      styleFor(process.stdout),
    );
    process.stdout.write(`${table}\n`);
  },
});
