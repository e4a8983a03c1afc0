export { centralDifference, type CentralDifferenceOptions } from "./central-difference.ts";
export { expectGradient, type GradientClaim } from "./expect-gradient.ts";
export * as arbitraries from "./arbitraries/index.ts";
export type { BroadcastPair, BroadcastPairOptions } from "./arbitraries/broadcast-pair.ts";
export type { ShapeOptions } from "./arbitraries/shape.ts";
export type { TensorLike, TensorLikeOptions } from "./arbitraries/tensor-like.ts";
export type { Tree } from "./arbitraries/tree.ts";
export { runReadme, type ReadmeReport, type RunReadmeOptions } from "./readme/run-readme.ts";
