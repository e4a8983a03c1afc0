import { provePlaces } from "@ganglion/adders";
import type { TransformerCard } from "../card.ts";
import type { TransformerDefinition } from "../registry.ts";
import { tiny5, tiny9, tiny9Published } from "./model.ts";

const family: Pick<TransformerCard, "origin" | "built" | "digits" | "sources"> = {
  origin: "written by hand",
  built:
    "two layers of sixteen features, distances as biases, softmax with a part for nothing, gated rectifiers, V-shapes",
  digits: 10,
  sources: ["a published hand-written adder of nine parameters, February 2026"],
};

export const published: TransformerDefinition = {
  card: {
    ...family,
    model: "tiny9-published",
    task: "Adds numbers of ten digits, highest digit first; wrong at and just above some round sums.",
    limits: [
      "3000000 + 3000000 gives 5999999: the last residual adds features 0 to 9 to the logits of candidates that stand in features 5 to 14, which moves the boundaries of digits 5 to 9 up by a share of the place value.",
      "No random test finds it: about one pair in a million fails.",
    ],
  },
  adder: () => tiny9Published,
  prove: () => provePlaces(tiny9Published),
};

export const repaired: TransformerDefinition = {
  card: {
    ...family,
    model: "tiny9",
    task: "Adds numbers of ten digits, highest digit first.",
    limits: ["Ten digits and float64 only. Its author counts neither 15 nor 10^10; the strict count does."],
  },
  adder: () => tiny9,
  prove: () => provePlaces(tiny9),
};

export const strict: TransformerDefinition = {
  card: {
    ...family,
    model: "tiny5",
    task: "Adds numbers of ten digits, highest digit first, with five magnitudes in all.",
    limits: ["Widths 4, 10, 11 and 12 are proved; from 13 digits on, rounding is larger than the slack."],
  },
  adder: (digits) => tiny5(digits),
  prove: () => provePlaces(tiny5()),
};
