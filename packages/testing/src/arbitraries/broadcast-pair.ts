import fc, { type Arbitrary } from "fast-check";
import { shape, type ShapeOptions } from "./shape.ts";

/** Two shapes that broadcast, and the shape which both become. */
export interface BroadcastPair {
  readonly left: number[];
  readonly right: number[];
  readonly result: number[];
}

/** Bounds of the result of broadcasting. */
export type BroadcastPairOptions = Pick<ShapeOptions, "maxRank" | "maxLength">;

/**
 * Pairs of shapes that broadcast by numpy's rule.
 *
 * Either side may lack leading axes and have length 1 where the other is longer, also both at different axes, as in
 * `[3, 1]` with `[2, 1, 4]`; shrinks to equal shapes of low rank.
 *
 * @see https://numpy.org/doc/stable/user/basics.broadcasting.html
 */
export function broadcastPair({ maxRank = 4, maxLength = 4 }: BroadcastPairOptions = {}): Arbitrary<BroadcastPair> {
  return shape({ maxRank, maxLength }).chain((result) =>
    fc
      .record({
        // what becomes of each axis: kept on both sides, or stretched on one of them
        stretched: fc.array(fc.constantFrom("neither", "left", "right"), {
          minLength: result.length,
          maxLength: result.length,
        }),
        // how many leading axes one of the sides lacks
        missing: fc.nat(result.length),
        shorter: fc.constantFrom("left", "right"),
      })
      .map(({ stretched, missing, shorter }) => {
        const side = (name: "left" | "right"): number[] =>
          result.map((length, axis) => (stretched[axis] === name ? 1 : length)).slice(name === shorter ? missing : 0);
        return pair(side("left"), side("right"));
      }),
  );
}

function pair(left: number[], right: number[]): BroadcastPair {
  const rank = Math.max(left.length, right.length);
  const length = (side: readonly number[], axis: number): number => side[axis - (rank - side.length)] ?? 1;
  const result = Array.from({ length: rank }, (_, axis) => Math.max(length(left, axis), length(right, axis)));
  return { left, right, result };
}
