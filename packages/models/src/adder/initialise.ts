import { normal, split, zeros } from "@ganglion/tensor";
import type { Key } from "@ganglion/tensor";
import type { MoeParams } from "@ganglion/moe";
import type { AdderConfig, AdderParams } from "./adder.ts";

/** Draws the parameters of an adder; tables of digits are wide apart, positions close together, biases 0. */
export function initialise(
  key: Key,
  { cells, channels, operations, tables, positions }: Required<AdderConfig>,
  rule: (key: Key) => MoeParams,
): AdderParams {
  const [first, second, forOperations, forPositions, forRule, forReadOut] = split(key, 6) as [
    Key,
    Key,
    Key,
    Key,
    Key,
    Key,
  ];
  return {
    digits:
      tables === "shared"
        ? [normal(first, [10, channels], { deviation: 0.5 })]
        : [first, second].map((half) => normal(half, [10, channels / 2], { deviation: 0.7 })),
    operations:
      operations.length === 1 ? [] : [normal(forOperations, [operations.length, channels], { deviation: 0.5 })],
    positions: positions ? [normal(forPositions, [cells, channels], { deviation: 0.1 })] : [],
    rule: rule(forRule),
    readOut: {
      weight: normal(forReadOut, [channels, 10], { deviation: 1 / Math.sqrt(channels) }),
      bias: zeros([10]),
    },
  };
}
