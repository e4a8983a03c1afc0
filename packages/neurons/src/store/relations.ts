import { checkFinite } from "../check.ts";
import { GraphError } from "../errors.ts";

/** Relations that every graph knows, and how much of a signal they carry. */
export const defaultRelations: Readonly<Record<string, number>> = {
  synonym: 0.95,
  is_a: 0.7,
  inverse_is_a: 0.55,
  part_of: 0.6,
  has_part: 0.45,
  related_to: 0.3,
  antonym: -0.5,
  co_occurs: 0.25,
  caused_by: 0.4,
  causes: 0.4,
  used_for: 0.35,
  located_in: 0.3,
  similar_to: 0.5,
  depicts: 0.4,
};

/** Weight of a relation that was named without one. */
const UNKNOWN_RELATION = 0.3;

const MOST = 65_536;

/** Names of relations and their weights, looked up both ways in constant time. */
export class Relations {
  readonly #names: string[] = [];
  readonly #codes = new Map<string, number>();
  #weights = new Float32Array(16);
  /** Counts up with every change. @internal */
  version = 0;

  constructor(entries: Iterable<readonly [string, number]> = Object.entries(defaultRelations)) {
    for (const [name, weight] of entries) this.set(name, weight);
  }

  /** Relations there are. */
  get size(): number {
    return this.#names.length;
  }

  /** Weights by code, `[>= size]`; never write into them. */
  get weights(): Float32Array {
    return this.#weights;
  }

  /**
   * Names a relation, or gives a known one another weight.
   *
   * @param weight share of a signal that it carries; below 0 it inhibits
   * @returns its code
   * @throws GraphError when there are 65,536 already, ConfigError for a weight that is not finite
   */
  set(name: string, weight: number): number {
    checkFinite("relations", `the weight of ${name}`, weight);
    const code = this.#codes.get(name) ?? this.#add(name);
    this.#weights[code] = weight;
    this.version++;
    return code;
  }

  /** Code of a relation; a new name is taken up with weight 0.3. */
  codeOf(name: string): number {
    return this.#codes.get(name) ?? this.set(name, UNKNOWN_RELATION);
  }

  /** Code of a relation, or nothing when it has not been named. */
  find(name: string): number | undefined {
    return this.#codes.get(name);
  }

  /** Name of a code. @throws GraphError when there is no such relation */
  nameOf(code: number): string {
    const name = this.#names[code];
    if (name === undefined) {
      throw new GraphError("relations", `expected a code below ${this.size}, received ${code}`);
    }
    return name;
  }

  /** Names and weights in the order of their codes. */
  entries(): [name: string, weight: number][] {
    return this.#names.map((name, code) => [name, this.#weights[code]!]);
  }

  #add(name: string): number {
    const code = this.#names.length;
    if (code === MOST) throw new GraphError("relations", `expected at most ${MOST} relations. Reuse one?`);
    this.#names.push(name);
    this.#codes.set(name, code);
    if (code === this.#weights.length) {
      const larger = new Float32Array(2 * code);
      larger.set(this.#weights);
      this.#weights = larger;
    }
    return code;
  }
}
