export { cos32, erf32, exp32, log32, sigmoid32, sin32, tanh32 } from "./math32.ts";
export { erf } from "./math64/erf.ts";
export { exp, log, sigmoid, tanh } from "./math64/exponential.ts";
export { cos, sin } from "./math64/trigonometric.ts";
export { gemm } from "./matrix/gemm.ts";
export { gemmReference } from "./matrix/gemm-reference.ts";
export type { Gemm, Matrix } from "./matrix/gemm-reference.ts";
export { groupedGemm, groupedOuter } from "./matrix/grouped.ts";
export type { GroupedShape } from "./matrix/grouped.ts";
export { adam, adamReference } from "./optimiser/adam.ts";
export type { AdamFactors, AdamInputs } from "./optimiser/adam.ts";
export { cellHash } from "./random/cell-hash.ts";
export { cellMask, cellMaskReference } from "./random/cell-mask.ts";
export { philox4x32, randomBits } from "./random/philox.ts";
export { mapUnary } from "./unary/map-unary.ts";
export type { UnaryName } from "./unary/map-unary.ts";
export { reserve } from "./reserve.ts";
export type { Region } from "./reserve.ts";
export { mapBinary } from "./elementwise/map-binary.ts";
export type { BinaryWalk } from "./elementwise/map-binary.ts";
export { logSoftmaxRows, logSumExpRows, softmaxRows } from "./rows/softmax.ts";
export { addRows, takeRows } from "./rows/gather.ts";
export type { RowPlaces } from "./rows/gather.ts";
export { sumColumns, sumRows } from "./rows/sums.ts";
export type { BinaryName, Values } from "./elementwise/binary-loops.ts";
export { MemoryError } from "./errors.ts";
export { automatonProgram } from "./automaton/automaton-program.ts";
export { automatonReference } from "./automaton/reference.ts";
export type {
  AutomatonCotangents,
  AutomatonGradients,
  AutomatonProgram,
  AutomatonResult,
  AutomatonRun,
  AutomatonShape,
  Choices,
  MixtureWeights,
} from "./automaton/program.ts";
export { integerProgram } from "./automaton/integer/integer-program.ts";
export { integerReference } from "./automaton/integer/reference.ts";
export type {
  IntegerChoices,
  IntegerMatrix,
  IntegerProgram,
  IntegerResult,
  IntegerRun,
  IntegerWeights,
} from "./automaton/integer/program.ts";
export { meshProgram } from "./mesh/mesh-program.ts";
export { meshReference } from "./mesh/reference.ts";
export type { MeshEdges, MeshGradients, MeshProgram, MeshRun, MeshShape, MeshWeights } from "./mesh/program.ts";
export { pairTable } from "./sparse/pairs.ts";
export type { PairShape, PairTable } from "./sparse/pairs.ts";
export { learnPairsReference } from "./sparse/pairs-reference.ts";
export type { PairOperands, PairRule } from "./sparse/pairs-reference.ts";
export { pushTable } from "./sparse/push.ts";
export type { PushTable } from "./sparse/push.ts";
export { orderReference, pushReference } from "./sparse/push-reference.ts";
export type { ActiveRows, SentSynapses } from "./sparse/push-reference.ts";
export { spreadTable } from "./sparse/spread.ts";
export type { SpreadTable } from "./sparse/spread.ts";
export { spreadReference } from "./sparse/spread-reference.ts";
export type { SpreadState, SpreadSynapses } from "./sparse/spread-reference.ts";
export { threads } from "./threads/threads.ts";
