export { loadBalancingLoss, routerZLoss } from "./losses.ts";
export { type FusedMoe, type FusedMoeWeights, type Moe, type MoeConfig, type MoeOutput, moe } from "./moe.ts";
export { type ExpertParams, type MoeDeviations, type MoeParams } from "./params.ts";
export { type Utilisation, utilisation } from "./utilisation.ts";
