export { type TransformerCard } from "./card.ts";
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
