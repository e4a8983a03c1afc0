import { activationOf, delta, emit, neuronGraph, plateau, spread, strongest } from "@ganglion/neurons";
import type { Active, Emission, NeuronGraph } from "@ganglion/neurons";
import type { Sentence } from "./corpus.ts";

/** Share of its activation that an episode keeps from word to word: early words are tied to it more strongly. */
const PRIMACY = 0.9;
const THEN = { relation: "then", rate: 1 } as const;

/**
 * A memory for sentences in a graph. Word neurons stand for what is said and for what is heard in each place of a prompt;
 * every sentence has one episode neuron.
 */
export interface SentenceMemory {
  readonly graph: NeuronGraph;
  /** Words of a prompt. */
  readonly prompt: number;
}

/** What a prompt brought back. */
export interface Recall {
  /** Words that were said, none when no episode answered. */
  readonly words: Sentence;
  /** Row of the episode, -1 when none answered. */
  readonly episode: number;
  /** Share of the prompt that fits it. */
  readonly fit: number;
  /** How the episode was found, then how each word was. */
  readonly emissions: readonly Emission[];
}

/**
 * An empty memory.
 *
 * @param prompt words of a prompt
 */
export function sentenceMemory(prompt: number): SentenceMemory {
  const graph = neuronGraph();
  graph.relations.set("cues", 1 / prompt);
  graph.relations.set("then", 1);
  graph.relations.set("follows", 1);
  return { graph, prompt };
}

/**
 * Hears a sentence once. A plateau in a new episode neuron ties the words of the opening to it; while its activation
 * fades, it is tied to each word that comes, so the order of the words lies in the strengths (a primacy gradient).
 *
 * @returns row of the episode
 * @see Bittner et al. 2017, doi:10.1126/science.aan3846; Page & Norris 1998, doi:10.1037/0033-295X.105.4.761
 */
export function hear(memory: SentenceMemory, sentence: Sentence): number {
  const episode = hearOpening(memory, sentence);
  for (const [place, word] of tokens(memory, sentence).entries()) tie(memory, episode, word, place);
  return episode;
}

/** Hears the opening of a sentence only. @returns row of its new episode */
export function hearOpening(memory: SentenceMemory, sentence: Sentence): number {
  const { graph } = memory;
  const opening = sentence.slice(0, memory.prompt).map((word, place) => cue(memory, word, place));
  const episode = graph.addNeuron({ kind: "episode", decay: 0, alias: `sentence ${graph.aliases.size}` });
  plateau(graph, [lit(opening)], 0, episode, { reach: 1, relation: "cues" });
  return episode;
}

/** Ties an episode to the word in a place; its own activation has faded by then. */
export function tie({ graph }: SentenceMemory, episode: number, word: number, place: number): void {
  const activations = Float32Array.of(fading(place));
  delta(graph, { neurons: Uint32Array.of(episode), activations }, [[word, 1]], THEN);
}

/**
 * Says a sentence. The words of a prompt light episodes, of which the one that fits best inhibits the others; then the
 * episode lights its words, the strongest is said and silenced, and so on (competitive queuing).
 *
 * @see Grossberg 1978; Bullock 2004, doi:10.1016/j.tics.2004.07.003
 */
export function recall(memory: SentenceMemory, prompt: Sentence, most = 9): Recall {
  const found = recognise(memory, prompt);
  if (found === undefined) return { words: [], episode: -1, fit: 0, emissions: [] };
  const { graph } = memory;
  const emissions = [found];
  const silenced: [number, number][] = [];
  while (silenced.length < most) {
    const goals = [[found.neuron, 1] as const, ...silenced];
    const outcome = spread(graph, [], { steps: 1, epsilon: 0, goals });
    const said = strongest(outcome, (neuron) => neuron !== found.neuron);
    if (said === undefined) break;
    emissions.push(emit(graph, outcome, said));
    silenced.push([said, 0]);
  }
  const words = silenced.map(([word]) => new TextDecoder().decode(graph.content(word)));
  return { words, episode: found.neuron, fit: found.activation, emissions };
}

/** The episode that fits a prompt best, or nothing; equals go to the older one. */
function recognise(memory: SentenceMemory, prompt: Sentence): Emission | undefined {
  const { graph } = memory;
  const cues = prompt.map((word, place) => graph.aliases.neuronOf(cueName(word, place)));
  const seeds = cues.filter((neuron) => neuron !== undefined).map((neuron) => [neuron, 1] as const);
  const outcome = spread(graph, seeds, { steps: 1, epsilon: 0, groups: groupsOf(graph) });
  const episode = strongest(outcome, (neuron) => graph.neuron(neuron).kind === "episode");
  return episode === undefined || activationOf(outcome, episode) === 0 ? undefined : emit(graph, outcome, episode);
}

/** Word neurons of a sentence; a word that comes twice has a second one. */
export function tokens({ graph }: SentenceMemory, sentence: Sentence): number[] {
  return sentence.map((word, place) => {
    const before = sentence.slice(0, place).filter((other) => other === word).length;
    const alias = before === 0 ? `say ${word}` : `say ${word} (${before + 1})`;
    return graph.aliases.neuronOf(alias) ?? graph.addNeuron({ kind: "text", decay: 0, alias, content: word });
  });
}

/** Activation of an episode when the word in a place is heard. */
function fading(place: number): number {
  let activation = 1;
  for (let step = 0; step < place; step++) activation *= PRIMACY;
  return activation;
}

function cue({ graph }: SentenceMemory, word: string, place: number): number {
  const alias = cueName(word, place);
  return graph.aliases.neuronOf(alias) ?? graph.addNeuron({ kind: "audio", decay: 0, alias, content: word });
}

function cueName(word: string, place: number): string {
  return `hear ${word} ${place + 1}`;
}

function lit(neurons: readonly number[]): Active {
  return { neurons: Uint32Array.from(neurons), activations: new Float32Array(neurons.length).fill(1) };
}

const groups = new WeakMap<NeuronGraph, Int32Array>();

/** All episodes form one group, of which one stays. */
function groupsOf(graph: NeuronGraph): Int32Array {
  const known = groups.get(graph);
  if (known?.length === graph.rows) return known;
  const fresh = new Int32Array(graph.rows).fill(-1);
  for (let row = known?.length ?? 0; row < graph.rows; row++) if (graph.neuron(row).kind === "episode") fresh[row] = 0;
  if (known !== undefined) fresh.set(known);
  groups.set(graph, fresh);
  return fresh;
}
