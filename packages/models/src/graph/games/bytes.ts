import { dequantize, encode, quantize } from "@ganglion/int8";
import { FormatError } from "@ganglion/neurons";
import { bytesEntry, codesEntry, openParts, packAscending, unpackAscending } from "../bytes.ts";
import { patternStarts } from "./fields.ts";
import type { Player } from "./player.ts";

const FORMAT = "game player";

/** Writes what a player has learned: int8 weights of the pattern neurons and of the episode neurons, and which these are. */
export function encodePlayer({ game, weights, positions }: Player): Uint8Array<ArrayBuffer> {
  const episodes = [...positions].toSorted(([a], [b]) => a - b);
  const rounded = asInFile(weights);
  const lit = Array.from(weights.keys()).filter((pattern) => rounded[pattern] !== 0);
  return encode(
    [
      bytesEntry("patterns", packAscending(lit)),
      codesEntry(
        "patternWeights",
        Float32Array.from(lit, (pattern) => weights[pattern]!),
      ),
      bytesEntry("positions", packAscending(episodes.map(([position]) => position))),
      codesEntry(
        "positionWeights",
        Float32Array.from(episodes, ([, weight]) => weight),
      ),
    ],
    { metadata: { format: FORMAT, game: game.name } },
  );
}

/**
 * Reads what {@link encodePlayer} wrote into a player of the same game and fields.
 *
 * @throws CodecError or FormatError when the file is damaged or of another game
 */
export function decodePlayer({ game, fields }: Pick<Player, "game" | "fields">, file: Uint8Array): Player {
  const { metadata, bytes, values } = openParts(file, FORMAT);
  if (metadata["game"] !== game.name) {
    throw new FormatError("decode", "game", `expected a player of ${game.name}, received one of ${metadata["game"]}`);
  }
  const patterns = patternStarts(fields).at(-1)!;
  const weights = new Float32Array(patterns);
  const list = (name: string, below: number): [number, number][] => {
    const numbers = unpackAscending(bytes(`${name}s`));
    const learned = values(`${name}Weights`);
    if (numbers.length !== learned.length || numbers.some((number) => number >= below)) {
      throw new FormatError(
        "decode",
        name,
        `expected a weight for every ${name} below ${below}, received other numbers`,
      );
    }
    return numbers.map((number, i) => [number, learned[i]!]);
  };
  for (const [pattern, weight] of list("pattern", patterns)) weights[pattern] = weight;
  return { game, fields, weights, positions: new Map(list("position", 3 ** (game.columns * game.rows))) };
}

/** Weights as they come back from a file: int8 codes with one scale. */
export function asInFile(weights: Float32Array): Float32Array {
  return dequantize(quantize(weights, [weights.length]));
}
