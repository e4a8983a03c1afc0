import type { Reading, TransformerAdder } from "@ganglion/adders";
import { FailedRun, UsageError } from "../../errors.ts";
import type { Operands } from "../../expression.ts";
import { styleFor } from "../../terminal/style.ts";
import type { Style } from "../../terminal/style.ts";

/** What may be asked of a transformer. */
export interface AddOptions {
  readonly show: boolean;
  readonly check: boolean;
  readonly json: boolean;
  /** Options that mean nothing to a transformer, as they were given. */
  readonly foreign: readonly string[];
}

const MOST_DIGITS = 10;

/** Answers `ganglion add --model gpt46 12 + 34`. */
export async function addByTransformer(name: string, operands: Operands, options: AddOptions): Promise<void> {
  const [stranger] = options.foreign;
  if (stranger !== undefined)
    throw new UsageError(`add: expected no ${stranger} with ${name}, which has neither cells nor steps`);
  const { loadTransformer, parseDigits } = await import("@ganglion/models");
  const { decodeOne } = await import("@ganglion/adders");
  const { adder: build, card } = await loadTransformer(name, "add");
  const [a, b] = operands.map((text) => {
    const digits = parseDigits(text, "add");
    if (digits.length > MOST_DIGITS && name !== "gpt46") {
      throw new UsageError(
        `add: expected numbers of at most ${MOST_DIGITS} digits with ${name}, received ${digits.length}. Use --model gpt46 or ripple?`,
      );
    }
    return BigInt(text.trim());
  }) as [bigint, bigint];
  const width = Math.max(MOST_DIGITS, String(a).length, String(b).length);
  const adder = build(width);
  const readings: Reading[] = [];
  const answer = decodeOne(adder, a, b, (reading) => readings.push(reading));
  const exact = options.check ? String(a + b) : undefined;
  if (options.json) {
    const right = exact === undefined ? {} : { exact, right: exact === String(answer) };
    process.stdout.write(
      `${JSON.stringify({ operation: "add", operands: [String(a), String(b)], answer: String(answer), model: card.model, ...right }, null, 2)}\n`,
    );
  } else if (options.show)
    process.stdout.write(`${show(adder, readings, styleFor(process.stdout)).join("\n")}\n= ${answer}\n`);
  else process.stdout.write(`${answer}\n`);
  if (exact !== undefined && exact !== String(answer)) {
    throw new FailedRun(`add: the model answered ${answer}, exact arithmetic says ${exact}`);
  }
  if (exact !== undefined && !options.json) process.stderr.write("checked: exact arithmetic agrees\n");
}

/** One line per token: what was chosen, how clearly, where attention looked, and the last state. */
function show({ name, tokeniser, plan }: TransformerAdder, readings: readonly Reading[], style: Style): string[] {
  const lines = [
    style(
      "bold",
      `${name}: ${plan.layers.length} layer${plan.layers.length === 1 ? "" : "s"} of ${plan.features} features`,
    ),
    style("dim", "place  token  lead        looks at (place: weight)                          state"),
  ];
  for (const [step, { logits, attention, states }] of readings.entries()) {
    const last = Array.from(logits.data.subarray(logits.size - logits.shape[2]!));
    const sorted = last.toSorted((x, y) => y - x);
    const token = last.indexOf(sorted[0]!);
    const seen = attention.at(-1)!;
    const keys = seen.shape[3]!;
    const weights = Array.from(seen.data.subarray(seen.size - keys), (weight, place) => ({ weight, place }));
    const most = weights.toSorted((x, y) => y.weight - x.weight).slice(0, 4);
    const state = states.at(-1)!;
    const features = Array.from(state.data.subarray(state.size - Math.min(state.shape[2]!, 6)), short);
    lines.push(
      [
        String(tokeniser.prompt + step).padStart(5),
        style("green", String(token).padStart(6)),
        short(sorted[0]! - sorted[1]!).padStart(10),
        ` ${most.map(({ place, weight }) => `${place}:${weight.toFixed(3)}`).join(" ")}`.padEnd(49),
        style("dim", features.join(" ")),
      ].join(" "),
    );
  }
  return lines;
}

function short(value: number): string {
  return Math.abs(value) >= 1e5 || (value !== 0 && Math.abs(value) < 1e-3) ? value.toExponential(1) : value.toFixed(3);
}
