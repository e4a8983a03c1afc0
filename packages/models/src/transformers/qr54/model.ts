import { arc, backward, rotated } from "@ganglion/adders";
import type { Plan, TransformerAdder, Weights } from "@ganglion/adders";
import { cast, concat, fromData, matmul, pad, reshape, slice, transpose } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import { ANSWER, EPSILON, EQUALS, groupOf, layout, TOKENS } from "./layout.ts";
import type { GroupName } from "./layout.ts";
import { fixedPositions } from "./positions.ts";

/** Parameters by name, float64; see `layout` for their shapes. */
export type Qr54Params = { readonly [Name in GroupName]: Tensor };

/** Names the groups of a flat list of 54 numbers. */
export function qr54Params(flat: Float64Array): Qr54Params {
  const group = (name: GroupName): [GroupName, Tensor] => [
    name,
    fromData(Float64Array.from(groupOf(flat, name)), layout[name].shape),
  ];
  return Object.fromEntries((Object.keys(layout) as GroupName[]).map(group)) as Qr54Params;
}

/** Two features of the digit, three of the position; attention reads the position alone. */
export const qr54Plan: Plan = {
  vocabulary: 10,
  features: 5,
  length: TOKENS,
  epsilon: EPSILON,
  layers: [
    {
      epsilon: EPSILON,
      attention: { heads: 1, groups: 1, weighting: "softmax", scale: 0.5, residual: "all" },
      mlp: { activation: "geluTanh", residual: "all" },
    },
  ],
};

/** Writes out what is tied: the head serves four times, the norm three times, queries are turned keys. */
export function qr54Weights({ arc: shape, equals, phase, query, read, write, up, head, norm }: Qr54Params): Weights {
  const digits = arc(shape, 10);
  const key = pad(transpose(query), [
    [2, 0],
    [0, 0],
  ]);
  const fixed = cast(fromData(fixedPositions(), [TOKENS, 3]), equals.dtype);
  const positions = concat([
    slice(fixed, [[0, EQUALS]]),
    reshape(equals, [1, 3]),
    slice(fixed, [[EQUALS + 1, TOKENS]]),
  ]);
  return {
    embedding: pad(digits, [
      [0, 0],
      [0, 3],
    ]),
    positions: pad(positions, [
      [0, 0],
      [2, 0],
    ]),
    layers: [
      {
        attentionNorm: norm,
        query: rotated(key, phase),
        key,
        value: pad(matmul(head, reshape(read, [5, 1])), [
          [0, 3],
          [0, 0],
        ]),
        output: reshape(write, [1, 5]),
        mlpNorm: norm,
        mlp: { up: transpose(up), down: head },
      },
    ],
    norm,
    head: matmul(transpose(head), transpose(digits)),
  };
}

/** The adder, lowest digit first. */
export function qr54(params: Qr54Params): TransformerAdder {
  return {
    name: "qr54",
    tokeniser: backward({ digits: ANSWER - 1, before: 0, between: 1, after: 1 }),
    plan: qr54Plan,
    weights: qr54Weights(params),
    ledger: { claimed: 54, params, constants: [0.5, EPSILON, 3.5, 0.15, 10] },
  };
}
