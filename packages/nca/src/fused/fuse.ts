import type { Tree } from "@ganglion/tensor";
import type { Parts } from "../step.ts";
import type { Fused } from "./fused.ts";
import { fuseMixture } from "./mixture.ts";
import { fusePerceptron } from "./perceptron.ts";

/** Finds the kernel for an automaton; undefined where lattice, rule or update are not of a kind that one knows. */
export function fuse<P extends Tree>(parts: Parts<P>): Fused<P> | undefined {
  const { lattice, channels, rule } = parts;
  const { fused } = rule;
  if (fused === undefined) return undefined;
  if (fused.inputs !== lattice.neighbourhood * channels || fused.outputs !== channels) return undefined;
  return fused.kind === "mixture" ? fuseMixture(parts, fused) : fusePerceptron(parts, fused);
}
