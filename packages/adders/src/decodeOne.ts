import { fromData } from "@ganglion/tensor";
import type { TransformerAdder } from "./adder.ts";
import { decode } from "./decode.ts";
import type { Whole } from "./tokens/tokeniser.ts";
import type { Reading } from "./transformer.ts";

/**
 * One sum by generic decoding.
 *
 * @param onReading receives what each reading gave
 * @throws OperandRangeError when an operand is not a whole number that the tokeniser takes
 */
export function decodeOne(
  { plan, weights, tokeniser }: TransformerAdder,
  a: Whole,
  b: Whole,
  onReading?: (reading: Reading) => void,
): Whole {
  const prompt = new Uint8Array(tokeniser.prompt);
  tokeniser.encode(a, b, prompt, 0);
  const sequence = decode(plan, weights, fromData(Int32Array.from(prompt), [1, prompt.length]), {
    steps: tokeniser.answer,
    ...(onReading && { onReading }),
  });
  const whole = tokeniser.decode(sequence.data, 0);
  return typeof a === "bigint" ? BigInt(whole) : whole;
}
