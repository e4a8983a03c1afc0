export { type TransformerCard } from "./card.ts";
export { trainArc62 } from "./arc62/recipe.ts";
export { type TabledProgress, type TabledRunConfig } from "./tabled/train.ts";
export { gpt46Params, proveGpt46 } from "./gpt46/definition.ts";
export { type Gpt46Params, gpt46 } from "./gpt46/model.ts";
export { type Gpt46Training, trainGpt46 } from "./gpt46/train.ts";
export { type Qr54Progress, type Qr54RunConfig, trainQr54 } from "./qr54/run.ts";
export {
  type Certificate,
  type TransformerDefinition,
  UnknownTransformerError,
  isTransformer,
  loadTransformer,
  transformerNames,
} from "./registry.ts";
export { type Qr54Batch, qr54Batch, qr54Loss } from "./qr54/loss.ts";
export { type Loops, loops as qr54Loops } from "./qr54/loops.ts";
export { type Qr54Params } from "./qr54/model.ts";
export { drawProblems as drawQr54Problems } from "./qr54/problems.ts";
export { type Mixture } from "./sums.ts";
