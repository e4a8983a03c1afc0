import { CodecError, decode, encode } from "../../src/index.ts";
import { generator, mutate, reseal } from "./mutate.ts";
import { samples } from "./samples.ts";

/** How `decode` judged a file. */
export interface Verdict {
  /** The code of the CodecError, or "accepted". */
  readonly code: string;
  readonly milliseconds: number;
}

/** Decodes a hostile file; throws unless it is refused as promised, or accepted as exactly what `encode` writes. */
export function judge(file: Uint8Array): Verdict {
  const start = performance.now();
  try {
    const { entries, metadata } = decode(file);
    const milliseconds = performance.now() - start;
    const again = encode(entries, { metadata });
    if (!same(again, file)) throw new Error(`accepted a file that encode does not write: ${hex(file)}`);
    return { code: "accepted", milliseconds };
  } catch (error) {
    const milliseconds = performance.now() - start;
    if (!(error instanceof CodecError) || error.operation !== "decode") throw error;
    if (!helpful(error, file.length)) throw new Error(`no help: ${error.message}`, { cause: error });
    return { code: error.code, milliseconds };
  }
}

/** Whether an error says where in the file, in a readable length, and what to do. */
function helpful({ offset, repair, message }: CodecError, length: number): boolean {
  const within = offset !== undefined && offset >= 0 && offset <= length;
  return within && repair !== "" && message.endsWith(repair) && message.length <= 1000;
}

/** How many mutants got which verdict, and those that took longer than 50 ms + 10 ms/MB even at the third try. */
export interface Campaign {
  readonly plain: Readonly<Record<string, number>>;
  readonly resealed: Readonly<Record<string, number>>;
  readonly slow: number;
}

/** Judges `count` mutants of sound files: each other one as it is, each other one with its checksum made right again. */
export function campaign(count: number, seed: number): Campaign {
  const draw = generator(seed);
  const sound = samples();
  const verdicts = { plain: {} as Record<string, number>, resealed: {} as Record<string, number> };
  let slow = 0;
  for (let i = 0; i < count; i++) {
    const original = sound[draw(sound.length)]!;
    const kind = i % 2 === 0 ? "plain" : "resealed";
    let mutant = mutate(original, draw);
    if (same(mutant, original)) mutant = Uint8Array.of(...original, 0);
    if (kind === "resealed") mutant = reseal(mutant);
    const allowed = 50 + mutant.length / 1e5;
    let verdict = judge(mutant);
    for (let tries = 2; tries > 0 && verdict.milliseconds > allowed; tries--) verdict = judge(mutant);
    if (verdict.milliseconds > allowed) slow++;
    verdicts[kind][verdict.code] = (verdicts[kind][verdict.code] ?? 0) + 1;
  }
  return { ...verdicts, slow };
}

/** Whether two files are the same, byte for byte. */
function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function hex(file: Uint8Array): string {
  return Buffer.from(file).toString("hex");
}
