import { GraphError } from "../errors.ts";

/** Names of neurons, in lower case, looked up both ways in constant time. */
export class Aliases {
  readonly #neurons = new Map<string, number>();
  readonly #names = new Map<number, string[]>();

  /** Names there are. */
  get size(): number {
    return this.#neurons.size;
  }

  /**
   * Gives a neuron one more name.
   *
   * @throws GraphError when another neuron has it
   */
  set(name: string, neuron: number): void {
    const lemma = name.toLowerCase();
    const owner = this.#neurons.get(lemma);
    if (owner === neuron) return;
    if (owner !== undefined) {
      throw new GraphError(
        "alias",
        `expected a free name, received ${JSON.stringify(lemma)}, which is neuron ${owner}`,
      );
    }
    this.#neurons.set(lemma, neuron);
    const names = this.#names.get(neuron);
    if (names === undefined) this.#names.set(neuron, [lemma]);
    else names.push(lemma);
  }

  /** Neuron of a name in any case, or nothing. */
  neuronOf(name: string): number | undefined {
    return this.#neurons.get(name.toLowerCase());
  }

  /** Names of a neuron, the oldest first. */
  namesOf(neuron: number): readonly string[] {
    return this.#names.get(neuron) ?? [];
  }

  /** Forgets all names of a neuron. */
  delete(neuron: number): void {
    for (const name of this.namesOf(neuron)) this.#neurons.delete(name);
    this.#names.delete(neuron);
  }

  /** Names and neurons in the order in which they were given. */
  entries(): [name: string, neuron: number][] {
    return [...this.#neurons];
  }
}
