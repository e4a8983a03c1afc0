/** One stretch of a training, with a learning rate that rises, and falls along a cosine. */
export interface Phase {
  /** Updates of the parameters. */
  readonly updates: number;
  /** Problems per update, drawn from the pool. */
  readonly batch: number;
  /** Steps through which an update looks back. */
  readonly unroll: number;
  /** Highest learning rate. */
  readonly learningRate: number;
  /** Lowest and highest firing rate; one is drawn for each update. */
  readonly fireRate: readonly [low: number, high: number];
  /** Share of updates in which all cells fire at once, in [0, 1]. */
  readonly synchronous: number;
  /** Share of drawn states of which some cells are overwritten by noise, in [0, 1]. */
  readonly damage: number;
  /** Share of problems with forced carries, in [0, 1]. */
  readonly carryShare: number;
  /** Share of problems of random length, in [0, 1]. */
  readonly shortShare: number;
  /** Largest code of the int8 weights that the phase trains for, from 1 to 127: it runs on what the codes stand for. Default: none. */
  readonly levels?: number;
}

/** All that decides how a model is trained, as plain data. */
export interface Recipe {
  /** Name of the model in the registry. */
  readonly model: string;
  /** One after the other, each from the averaged weights of the one before. */
  readonly phases: readonly Phase[];
  /** States that live on between updates. */
  readonly pool: {
    readonly size: number;
    /** Share of drawn problems that start anew, in [0, 1]. */
    readonly reset: number;
    /** Share of drawn problems whose operands change while the state stays, in [0, 1]. */
    readonly mutate: number;
    /** Steps after which a problem starts anew. */
    readonly maxAge: number;
  };
  /** Updates until the learning rate is at its highest. */
  readonly warmup: number;
  /** Where the cosine ends, as a share of the highest rate. */
  readonly floor: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly weightDecay: number;
  /** Largest norm of a gradient. */
  readonly clip: number;
  /** Decay of the average of the weights, which is what gets used. */
  readonly average: number;
  /** Decides parameters, problems and orders of firing. */
  readonly seed: number;
}

/** What all recipes have in common. */
export const common: Omit<Recipe, "model" | "phases"> = {
  pool: { size: 1024, reset: 0.15, mutate: 0.15, maxAge: 60 },
  warmup: 50,
  floor: 0.02,
  beta1: 0.9,
  beta2: 0.99,
  weightDecay: 0.05,
  clip: 1,
  average: 0.98,
  seed: 1,
};

/** A phase from nothing. */
export const firstPhase: Phase = {
  updates: 2000,
  batch: 128,
  unroll: 5,
  learningRate: 0.003,
  fireRate: [0.3, 0.9],
  synchronous: 0.2,
  damage: 0,
  carryShare: 0.35,
  shortShare: 0.3,
};

/** A phase that goes on: larger batches at half the rate, damaged states, cells that fire rarely. */
export const secondPhase: Phase = {
  updates: 1200,
  batch: 256,
  unroll: 6,
  learningRate: 0.0015,
  fireRate: [0.15, 0.9],
  synchronous: 0.2,
  damage: 0.08,
  carryShare: 0.35,
  shortShare: 0.3,
};

/**
 * A recipe that only makes trained weights fit for int8 codes: a short phase, in runs long enough for errors to add up.
 *
 * @param levels largest code, from 1 to 127
 */
export function quantisedRecipe(recipe: Recipe, levels: number): Recipe {
  const last = recipe.phases.at(-1)!;
  const phase = { ...last, updates: 200, batch: 256, unroll: 12, learningRate: 0.0005, levels };
  return { ...recipe, weightDecay: 0, phases: [phase] };
}

/** Largest code of the int8 weights that a recipe ends with, where it trains for one. */
export function levelsOf(recipe: Recipe): number | undefined {
  return recipe.phases.at(-1)?.levels;
}

/** Updates of all phases together. */
export function updatesOf(recipe: Recipe): number {
  return recipe.phases.reduce((total, { updates }) => total + updates, 0);
}
