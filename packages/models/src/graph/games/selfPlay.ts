import { foldIn, key } from "@ganglion/tensor";
import { draws } from "../random.ts";
import type { Draws } from "../random.ts";
import { asInFile } from "./bytes.ts";
import { eye } from "./eye.ts";
import type { Eye } from "./eye.ts";
import { other, wins } from "./game.ts";
import type { Game, Side } from "./game.ts";
import { NEUTRAL, best, judged, valuedMoves } from "./player.ts";
import type { Player } from "./player.ts";

/** A stretch of a training. */
export interface Stretch {
  /** Learning rate of pattern neurons, shared among those that are lit; 0 freezes them as the file will hold them. */
  readonly patterns: number;
  /** Learning rate of episode neurons. */
  readonly episodes: number;
  /** Size of an error from which an episode neuron is grown, where patterns alone do not suffice. */
  readonly recruit: number;
  /** Share of random moves of the side that does not explore. */
  readonly err: number;
}

/** All that decides how a player learns, as plain data. */
export interface PlayRecipe {
  /** Games that it plays, against itself. */
  readonly games: number;
  /** Shares of random moves of the side that explores; one is drawn for each game. */
  readonly explore: readonly number[];
  /** How much closer to neutral a value is one move earlier, so that quick wins are preferred. */
  readonly discount: number;
  /** Stretches of equally many games. */
  readonly stretches: readonly Stretch[];
  readonly seed: number;
}

/** Where a training stands. */
export interface PlayProgress {
  readonly games: number;
  /** Mean size of the prediction errors since the last report. */
  readonly surprise: number;
  /** Neurons for whole positions so far. */
  readonly positions: number;
}

/**
 * Learns the values of positions from play alone, by temporal differences: the value neuron's error, which a modulator
 * broadcasts, moves the synapses of the neurons that were lit, and only those.
 *
 * When a game is over it is lived through once more, from its end to its beginning. The value of the last position is drawn
 * towards the result, and of each before it towards the opposite of the best value that the opponent then saw for itself.
 * Which side explores is drawn for each game.
 *
 * @param player its weights are left untouched
 * @yields now and then, and at the end; the last one carries the player
 * @see Sutton 1988, doi:10.1007/BF00115009; Foster & Wilson 2006, doi:10.1038/nature04587 (reverse replay);
 *   Thill, Koch & Konen 2012, doi:10.1007/978-3-642-32937-1_19 (n-tuples)
 */
export function* selfPlay(player: Player, recipe: PlayRecipe): Generator<PlayProgress, Player> {
  const { game, fields } = player;
  const weights = Float64Array.from(player.weights);
  const positions = new Map(player.positions);
  const match: Match = {
    judge: { game, weights, positions },
    seen: eye(game, fields),
    random: draws(foldIn(key(recipe.seed), 0)),
    recipe,
  };
  const every = Math.max(1, Math.floor(recipe.games / 50));
  let frozen = false;
  let [surprise, moves] = [0, 0];
  for (let played = 0; played < recipe.games; played++) {
    const stretch = recipe.stretches[Math.floor((played * recipe.stretches.length) / recipe.games)]!;
    if (stretch.patterns === 0 && !frozen) {
      weights.set(asInFile(Float32Array.from(weights)));
      frozen = true;
    }
    const cells = playOne(match, stretch.err);
    surprise += replay(match, cells, { ...stretch, patterns: stretch.patterns / fields.length });
    moves += cells.length;
    if ((played + 1) % every !== 0) continue;
    yield { games: played + 1, surprise: surprise / moves, positions: positions.size };
    [surprise, moves] = [0, 0];
  }
  return { ...player, weights: Float32Array.from(weights), positions };
}

interface Match {
  readonly judge: { readonly game: Game; readonly weights: Float64Array; readonly positions: Map<number, number> };
  readonly seen: Eye;
  readonly random: Draws;
  readonly recipe: PlayRecipe;
}

/** Plays one game. @returns the cells that were filled, in their order */
function playOne({ judge, seen, random, recipe }: Match, err: number): number[] {
  const explorer = (1 + random.below(2)) as Side;
  const explore = recipe.explore[random.below(recipe.explore.length)]!;
  const cells: number[] = [];
  seen.clear();
  for (let side: Side = 1; ; side = other(side)) {
    const options = valuedMoves(judge, seen, side);
    if (options.length === 0) return cells;
    const share = side === explorer ? explore : err;
    const { cell } = random.uniform() < share ? options[random.below(options.length)]! : best(options);
    seen.put(cell, side);
    cells.push(cell);
    if (wins(judge.game, seen.board, cell)) return cells;
  }
}

/** Lives through a game from its end to its beginning, and learns from it. @returns sum of the sizes of the errors */
function replay(match: Match, cells: readonly number[], stretch: Stretch): number {
  const { judge, seen, recipe } = match;
  const last = cells.at(-1)!;
  let target = wins(judge.game, seen.board, last) ? 1 : NEUTRAL;
  let surprise = 0;
  for (const cell of cells.toReversed()) {
    const side = seen.board[cell] as Side;
    surprise += correct(match, side, target, stretch);
    seen.take(cell);
    target = NEUTRAL + recipe.discount * (NEUTRAL - best(valuedMoves(judge, seen, side)).value);
  }
  return surprise;
}

/** Moves what the position lights towards a target by the delta rule. @returns size of the error */
function correct({ judge: { weights, positions }, seen }: Match, side: Side, target: number, stretch: Stretch): number {
  const lit = seen.lit(side);
  const position = seen.position(side);
  const episode = positions.get(position);
  const error = target - judged(weights, lit, episode ?? 0);
  const size = Math.abs(error);
  const change = stretch.patterns * error;
  if (change !== 0) for (let i = 0; i < lit.length; i++) weights[lit[i]!]! += change;
  if (episode !== undefined || size >= stretch.recruit) {
    positions.set(position, (episode ?? 0) + stretch.episodes * error);
  }
  return size;
}
