export { shape } from "./shape.ts";
export { tensorLike } from "./tensor-like.ts";
export { broadcastPair } from "./broadcast-pair.ts";
export { tree } from "./tree.ts";
export { mutatedBytes } from "./mutated-bytes.ts";
export { digits } from "./digits.ts";
