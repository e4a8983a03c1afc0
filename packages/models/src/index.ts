export { type Adder, type AdderConfig, type AdderParams, adder } from "./adder/adder.ts";
export { gary } from "./adder/gary.ts";
export { ripple } from "./adder/ripple.ts";
export { rippleAddSub } from "./adder/rippleAddSub.ts";
export { closest, didYouMean } from "./digits/didYouMean.ts";
export { OperandError } from "./digits/errors.ts";
export { formatDigits, parseDigits } from "./digits/text.ts";
export { type EvaluateConfig, evaluate, suiteNames } from "./evaluate/evaluate.ts";
export { type Measured, type MeasureConfig, type Reading, measure } from "./evaluate/measure.ts";
export { type Row } from "./evaluate/row.ts";
export { threads } from "@ganglion/kernels";
export { exactAnswers, longestCarry } from "./oracle/exact.ts";
export { settledCells, settledProblems } from "./oracle/lightCone.ts";
export { adversarial, fullRipple } from "./problems/adversarial.ts";
export { type HeldOutConfig, carryHeavy, heldOut } from "./problems/heldOut.ts";
export { type MixtureConfig, mutateProblems, trainingProblems } from "./problems/mixture.ts";
export { type Operation, type Problems, operations, problemsOf, selectProblems } from "./problems/problems.ts";
export { RESERVED_ONE_IN } from "./problems/reserved.ts";
export { changeRecipe } from "./recipes/change.ts";
export { type Phase, type Recipe, levelsOf, quantisedRecipe, updatesOf } from "./recipes/recipe.ts";
export {
  type Trainer,
  type TrainerConfig,
  type TrainingMetrics,
  type TrainingState,
  trainer,
} from "./recipes/trainer.ts";
export { type Arithmetic, type Model, type RunConfig, type Step, arithmeticOf, readDigits, run } from "./solve/run.ts";
export { type Plan, type ScheduleName, plan, scheduleNames } from "./solve/schedules.ts";
export { type Frame, type Solution, type SolveConfig, solve } from "./solve/solve.ts";
export { stepsToSettle } from "./solve/steps.ts";
export { majority } from "./solve/vote.ts";
export { type Precision, decodeWeights, encodeWeights } from "./weights/bytes.ts";
export { type Card, type Figures } from "./weights/card.ts";
export { type Definition } from "./weights/definition.ts";
export { UnknownModelError, WeightsError } from "./weights/errors.ts";
export { type LoadedModel, define, load, modelNames } from "./weights/registry.ts";
export {
  type Certificate,
  type Gpt46Params,
  type Gpt46Training,
  type Loops,
  type Mixture,
  type Qr54Batch,
  type Qr54Params,
  type Qr54Progress,
  type TabledProgress,
  type TabledRunConfig,
  type Qr54RunConfig,
  type TransformerCard,
  type TransformerDefinition,
  UnknownTransformerError,
  drawQr54Problems,
  gpt46,
  gpt46Params,
  isTransformer,
  loadTransformer,
  proveGpt46,
  qr54Batch,
  qr54Loops,
  qr54Loss,
  trainGpt46,
  trainArc62,
  trainQr54,
  transformerNames,
} from "./transformers/index.ts";
export {
  type Because,
  type Board,
  type Exhausted,
  type ExplainedMove,
  type Game,
  type GameDefinition,
  type GraphCard,
  type GraphDefinition,
  type GraphEvaluation,
  type GraphFigures,
  type GraphProgress,
  type GraphRow,
  type Growth,
  type Imagined,
  type Player,
  type PlayRecipe,
  type Recall,
  type RewardRecipe,
  type Sentence,
  type SentenceMemory,
  type Side,
  type Stretch,
  type ValuedMove,
  type ValueGraph,
  type Vote,
  because,
  choose,
  connect4Definition,
  connectFour,
  corpus,
  decodePlayer,
  defineGraph,
  encodePlayer,
  explainMoves,
  eyeOn,
  graphFile,
  graphNames,
  hear,
  imagine,
  learnFromReward,
  legalMoves,
  newPlayer,
  openGraph,
  openSentences,
  playAll,
  recall,
  rewardRecipe,
  selfPlay,
  sentenceMemory,
  ticTacToe,
  tttDefinition,
  turnOf,
  valuedMoves,
  valueBySpread,
  valueGraph,
  verifyValue,
  wins,
} from "./graph/index.ts";
