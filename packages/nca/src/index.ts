export { type DamageConfig, damage } from "./damage.ts";
export { type IntegerNca, type IntegerRolloutOptions, type KeptIntegerRollout, integerNca } from "./integers.ts";
export { type Fused } from "./fused/fused.ts";
export { directions } from "./lattices/directions.ts";
export { type GraphConfig, graph } from "./lattices/graph.ts";
export { type Edges, type Lattice } from "./lattices/lattice.ts";
export { ring } from "./lattices/ring.ts";
export { strip } from "./lattices/strip.ts";
export { type Nca, type NcaConfig, nca } from "./nca.ts";
export { perceive } from "./perceive.ts";
export { type PoolConfig, type PoolRates } from "./pool/config.ts";
export { type Draw, type Pool, type PoolState, pool } from "./pool/pool.ts";
export { type KeptRollout, type Rollout, type RolloutOptions } from "./rollout.ts";
export {
  type FusedMixture,
  type FusedPerceptron,
  type FusedRule,
  type FusedWeights,
  type PerceptronWeights,
  type Rule,
  type RuleOutput,
} from "./rule.ts";
export { type MlpConfig, type MlpParams, mlp } from "./rules/mlp.ts";
export { bernoulli } from "./schedules/bernoulli.ts";
export { evenOdd } from "./schedules/even-odd.ts";
export { order } from "./schedules/order.ts";
export { type Moment, type Schedule } from "./schedules/schedule.ts";
export { type SequentialConfig, sequential } from "./schedules/sequential.ts";
export { single } from "./schedules/single.ts";
export { synchronous } from "./schedules/synchronous.ts";
export { type Parts, type StepOptions, type StepResult } from "./step.ts";
export { type Frame, trace } from "./trace.ts";
export { type OverwriteConfig, overwrite } from "./updates/overwrite.ts";
export { type ResidualConfig, residual } from "./updates/residual.ts";
export { type Update } from "./updates/update.ts";
