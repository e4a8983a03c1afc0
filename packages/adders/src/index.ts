export { type Ledger, type TransformerAdder } from "./adder.ts";
export { type ParameterCounts, countParameters } from "./counts/countParameters.ts";
export { type DecodeOptions, decode } from "./decode.ts";
export { decodeOne } from "./decodeOne.ts";
export { type Attended, type AttentionOptions, type Weighting, attention, softmax1 } from "./parts/attention.ts";
export { arc, parabola } from "./parts/embeddings.ts";
export { type Hinge, hinges, vShape } from "./parts/hinges.ts";
export { type Activation, type MlpWeights, GELU_TANH, activations, geluTanh, linear, mlp } from "./parts/mlp.ts";
export { rmsNorm } from "./parts/norm.ts";
export { type Rope, alibi, geometric, periodic, rope, sinusoid } from "./parts/positions.ts";
export { lowRank, rotated, rotatedTranspose, scaled } from "./parts/tying.ts";
export { type Pair, edgeCases, hashOfCases, knownHashes, randomCases } from "./protocol/cases.ts";
export { mersenneTwister } from "./protocol/mersenne.ts";
export { exportWeights, importWeights } from "./safetensors/adder.ts";
export { SafetensorsError } from "./safetensors/format.ts";
export { type Safetensors, readSafetensors } from "./safetensors/read.ts";
export { type Metadata, writeSafetensors } from "./safetensors/write.ts";
export { type Specialised, specialise } from "./specialise/specialise.ts";
export { type BackwardConfig, backward } from "./tokens/backward.ts";
export { bitPairs } from "./tokens/bitPairs.ts";
export { forward, special } from "./tokens/forward.ts";
export { type Tokeniser, type Whole, OperandRangeError } from "./tokens/tokeniser.ts";
export {
  type Cache,
  type LayerPlan,
  type LayerWeights,
  type Plan,
  type Reading,
  type Residual,
  type Weights,
  logitsOf,
  project,
  read,
  scoreBias,
} from "./transformer.ts";
export { type Evaluator, type Mistake, type SuiteResult, evaluator, judge, margins } from "./verify/evaluate.ts";
export { type Probes, probe } from "./verify/probes.ts";
export { boundaryCases, carryCases } from "./verify/suites.ts";
export { type Report, type VerifyConfig, QUALIFIES, speedOf, verify } from "./verify/verify.ts";
export { type CarryCell, type CarryCertificate, carryCounterexamples, proveCarries } from "./prove/carries.ts";
export { type ColumnCertificate, type ColumnGroup, proveColumns } from "./prove/columns.ts";
export { type CertificateBase, type Counterexample } from "./prove/certificate.ts";
export { type PlaceCertificate, type PlaceInequality, provePlaces } from "./prove/places.ts";
export { type Transition, type TransitionCertificate, proveTransitions } from "./prove/transitions.ts";
