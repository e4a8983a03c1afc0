import type { CommandDef } from "citty";
import { command } from "../command.ts";
import { readBytes } from "../model.ts";
import { oneOperand } from "../options.ts";

const args = {
  file: { type: "positional", required: false, description: "A weights file or a checkpoint" },
  json: { type: "boolean", description: "Report as JSON" },
} as const;

/** `ganglion inspect`. */
export const inspect: CommandDef = command({
  meta: { name: "inspect", description: "List what a weights file or a checkpoint holds" },
  args,
  async run({ args: given }) {
    const file = oneOperand("inspect", given._, "ripple.ganglion");
    const { decode } = await import("@ganglion/int8");
    const bytes = await readBytes("inspect", file);
    const { entries, metadata } = decode(bytes);
    const listed = entries.map((entry) => ({
      name: entry.name,
      shape: entry.shape,
      kind: entry.kind === "raw" ? entry.dtype : "int8 codes",
      values: entry.shape.reduce((product, length) => product * length, 1),
      scales: entry.kind === "raw" ? 0 : entry.scales.length,
    }));
    const values = listed.reduce((sum, entry) => sum + entry.values, 0);
    if (given.json === true) {
      process.stdout.write(
        `${JSON.stringify({ file, bytes: bytes.length, values, metadata, entries: listed }, null, 2)}\n`,
      );
      return;
    }
    const { renderTable } = await import("../render/table.ts");
    const { styleFor } = await import("../terminal/style.ts");
    const table = renderTable(
      ["name", "shape", "kind", ">values", ">scales"],
      listed.map(({ name, shape, kind, values: size, scales }) => [
        name,
        `[${shape.join(", ")}]`,
        kind,
        size.toLocaleString("en"),
        scales === 0 ? "" : String(scales),
      ]),
      styleFor(process.stdout),
    );
    const facts = Object.entries(metadata).map(
      ([key, text]) => `${key}: ${text.length > 100 ? `${text.slice(0, 97)}...` : text}`,
    );
    const summary = `${file}: ${bytes.length.toLocaleString("en")} bytes, ${entries.length} tensors, ${values.toLocaleString("en")} values`;
    process.stdout.write(`${[summary, ...facts, "", table].join("\n")}\n`);
  },
});
