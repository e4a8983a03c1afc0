/** Bytes of one neuron: a cache line. Byte offsets of its fields, all little-endian, are in {@link neuronFields}. */
export const NEURON_BYTES = 64;

/** Bytes of one synapse. Byte offsets of its fields, all little-endian, are in {@link synapseFields}. */
export const SYNAPSE_BYTES = 16;

/** Where the fields of a neuron begin, and what they are. The last eight bytes are reserved and zero. */
export const neuronFields = {
  /** Identity, kept when neurons are renumbered, u64 below 2^53. */
  id: 0,
  /** Kind, u8: an index into {@link neuronKinds}. */
  kind: 8,
  /** Sense it belongs to, u8, free for the domain. */
  modality: 9,
  /** Bits of {@link neuronFlags}, u16. */
  flags: 10,
  /** Activation after the last spread, f32 in [0, 1]. */
  activation: 12,
  /** Least activation with which it fires, f32. */
  threshold: 16,
  /** Share of its activation that it keeps per step, f32 in [0, 1]. */
  decay: 20,
  /** Spread in which it last fired, u64; 0 for never. */
  lastFired: 24,
  /** Times it fired, u32. */
  fireCount: 32,
  /** Outgoing synapses, u32. */
  fanOut: 36,
  /** Index of its first synapse, u64 below 2^32. */
  synapseOffset: 40,
  /** Place of its content in the heap, u64 below 2^32; 0 for none. */
  contentOffset: 48,
  reserved: 56,
} as const;

/** Where the fields of a synapse begin, and what they are. */
export const synapseFields = {
  /** Row of the neuron that it leads to, u64 below 2^32. */
  to: 0,
  /** Relation, u16: an index into the graph's relations. */
  relation: 8,
  /** Bits of {@link synapseFlags}, u16. */
  flags: 10,
  /** Strength, f32. */
  weight: 12,
} as const;

/** Kinds of neurons, in the order of their codes. */
export const neuronKinds = ["text", "image", "audio", "episode", "rule", "concept", "assembly", "astrocyte"] as const;

/** Kind of a neuron. */
export type NeuronKind = (typeof neuronKinds)[number];

/** Bits of a neuron's flags. */
export const neuronFlags = { active: 1, dirty: 2, pinned: 4, deleted: 8 } as const;

/** Bits of a synapse's flags. */
export const synapseFlags = { pinned: 1 } as const;

/** 32-bit words of a neuron, and those that hot loops read. @internal */
export const NEURON_WORDS: number = NEURON_BYTES / 4;
/** @internal */
export const SYNAPSE_WORDS: number = SYNAPSE_BYTES / 4;
/** @internal */
export const word = {
  id: 0,
  bits: 2,
  activation: 3,
  threshold: 4,
  decay: 5,
  lastFired: 6,
  fireCount: 8,
  fanOut: 9,
  synapseOffset: 10,
  contentOffset: 12,
  reserved: 14,
} as const;
