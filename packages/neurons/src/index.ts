export { AssociativeMemory } from "./associative/associative.ts";
export type { Recollection, Separation } from "./associative/associative.ts";
export { capacity, capacitySlope } from "./associative/capacity.ts";
export type { CapacityConfig } from "./associative/capacity.ts";
export { dense } from "./dense/dense.ts";
export type { Dense } from "./dense/dense.ts";
export { pull } from "./dense/pull.ts";
export type { Pull } from "./dense/byTargets.ts";
export { simd } from "./dense/simd.ts";
export { FormatError, GraphError } from "./errors.ts";
export { plain } from "./plasticity/change.ts";
export type { Bounds, Change, Place, Smoothing } from "./plasticity/change.ts";
export { delta, perceptron } from "./plasticity/delta.ts";
export type { DeltaConfig } from "./plasticity/delta.ts";
export { Eligibility } from "./plasticity/eligibility.ts";
export type { EligibilityConfig, RewardConfig } from "./plasticity/eligibility.ts";
export { fade, hebbian } from "./plasticity/hebbian.ts";
export type { HebbianConfig } from "./plasticity/hebbian.ts";
export { effectiveRate, modulate, restingLevel } from "./plasticity/modulator.ts";
export { oja } from "./plasticity/oja.ts";
export type { OjaConfig } from "./plasticity/oja.ts";
export { pairs } from "./plasticity/pairs.ts";
export type { Pairs, PairsConfig } from "./plasticity/pairs.ts";
export { plateau } from "./plasticity/plateau.ts";
export type { PlateauConfig } from "./plasticity/plateau.ts";
export { adam, momentum } from "./plasticity/smoothing.ts";
export type { AdamConfig } from "./plasticity/smoothing.ts";
export { Replay } from "./replay/replay.ts";
export type { ReplayConfig, Sampling } from "./replay/replay.ts";
export { activationOf, strongest } from "./spread/active.ts";
export type { Active } from "./spread/active.ts";
export { mergeSums, partialSums } from "./spread/parts.ts";
export type { PartialSums } from "./spread/parts.ts";
export { WorkingMemory } from "./spread/memory.ts";
export type { WorkingMemoryConfig } from "./spread/memory.ts";
export { spread } from "./spread/spread.ts";
export type { Seeds, Spread, SpreadConfig } from "./spread/spread.ts";
export type { Aliases } from "./store/aliases.ts";
export { neuronGraph } from "./store/graph.ts";
export type { Neuron, NeuronConfig, NeuronGraph, Synapse, SynapseConfig } from "./store/graph.ts";
export {
  NEURON_BYTES,
  SYNAPSE_BYTES,
  neuronFields,
  neuronFlags,
  neuronKinds,
  synapseFields,
  synapseFlags,
} from "./store/layout.ts";
export type { NeuronKind } from "./store/layout.ts";
export { loadGraph } from "./store/load.ts";
export { defaultRelations } from "./store/relations.ts";
export type { Relations } from "./store/relations.ts";
export { renumber } from "./store/renumber.ts";
export { saveGraph } from "./store/save.ts";
export { emit, why } from "./trace/emit.ts";
export type { Carrier, Emission, EmitConfig } from "./trace/emit.ts";
export { Trace } from "./trace/trace.ts";
export type { NumberedEvent, TraceEvent } from "./trace/trace.ts";
