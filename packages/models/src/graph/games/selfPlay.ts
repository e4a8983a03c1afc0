import { foldIn, key } from "@ganglion/tensor";
import { draws } from "../random.ts";
import type { Draws } from "../random.ts";
import { eye } from "./eye.ts";
import type { Eye } from "./eye.ts";
import { other, wins } from "./game.ts";
import type { Side } from "./game.ts";
import { NEUTRAL, best, judged, valuedMoves } from "./player.ts";
import type { Player } from "./player.ts";

/** All that decides how a player learns, as plain data. */
export interface PlayRecipe {
  /** Games that it plays, against itself. */
  readonly games: number;
  /** Shares of random moves of the side that explores; one is drawn for each game. */
  readonly explore: readonly number[];
  /** Share of random moves of the side that does not. */
  readonly err: number;
  /** Learning rates over equal stretches of the games. */
  readonly rates: readonly number[];
  /** How much closer to neutral a value is one move earlier, so that quick wins are preferred. */
  readonly discount: number;
  /** Size of an error from which a neuron for the whole position is grown, where patterns alone do not suffice. */
  readonly recruit: number;
  /** Share of the games after which such neurons grow. */
  readonly recruitFrom: number;
  /** Learning rate of those neurons, over the same stretches as `rates`. */
  readonly positionRates: readonly number[];
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
 * broadcasts, moves the synapses of the pattern neurons that were lit, and only those.
 *
 * After each move the value of the position before is drawn towards the opposite of the best value that the opponent then
 * sees for itself, or towards the result when the game is over. Who explores is drawn for each game.
 *
 * @param player its weights are left untouched
 * @yields now and then, and at the end; the last one carries the player
 * @see Sutton 1988, doi:10.1007/BF00115009; Thill, Koch & Konen 2012, doi:10.1007/978-3-642-32937-1_19 (n-tuples)
 */
export function* selfPlay(player: Player, recipe: PlayRecipe): Generator<PlayProgress, Player> {
  const { game, fields } = player;
  const weights = Float64Array.from(player.weights);
  const positions = new Map(player.positions);
  const seen = eye(game, fields);
  const random = draws(foldIn(key(recipe.seed), 0));
  const every = Math.max(1, Math.floor(recipe.games / 50));
  let surprise = 0;
  let moves = 0;
  for (let played = 0; played < recipe.games; played++) {
    const stretch = Math.floor((played * recipe.rates.length) / recipe.games);
    const told = playOne({
      judge: { game, weights, positions },
      seen,
      random,
      recipe,
      rate: recipe.rates[stretch]! / fields.length,
      positionRate: recipe.positionRates[stretch]!,
      recruits: played >= recipe.recruitFrom * recipe.games,
    });
    surprise += told.surprise;
    moves += told.moves;
    if ((played + 1) % every === 0) {
      yield { games: played + 1, surprise: surprise / moves, positions: positions.size };
      [surprise, moves] = [0, 0];
    }
  }
  return { ...player, weights: Float32Array.from(weights), positions };
}

interface Match {
  readonly judge: {
    readonly game: Player["game"];
    readonly weights: Float64Array;
    readonly positions: Map<number, number>;
  };
  readonly seen: Eye;
  readonly random: Draws;
  readonly recipe: PlayRecipe;
  readonly rate: number;
  readonly positionRate: number;
  readonly recruits: boolean;
}

function playOne(match: Match): { surprise: number; moves: number } {
  const { judge, seen, random, recipe } = match;
  const explorer = (1 + random.below(2)) as Side;
  const explore = recipe.explore[random.below(recipe.explore.length)]!;
  let before: { readonly lit: Int32Array; readonly position: number } | undefined;
  let surprise = 0;
  seen.clear();
  const learn = (target: number): void => {
    if (before !== undefined) surprise += correct(match, before, target);
  };
  let side: Side = 1;
  for (let moves = 0; ; moves++) {
    const options = valuedMoves(judge, seen, side);
    if (options.length === 0) {
      learn(NEUTRAL);
      return { surprise, moves };
    }
    const greedy = best(options);
    learn(NEUTRAL + recipe.discount * (NEUTRAL - greedy.value));
    const share = side === explorer ? explore : recipe.err;
    const { cell } = random.uniform() < share ? options[random.below(options.length)]! : greedy;
    seen.put(cell, side);
    before = { lit: seen.lit(side).slice(), position: seen.position(side) };
    if (wins(judge.game, seen.board, cell)) {
      learn(1);
      return { surprise, moves: moves + 1 };
    }
    side = other(side);
  }
}

/** Moves what was lit towards a target by the delta rule. @returns size of the error */
function correct(
  { judge: { weights, positions }, recipe, rate, positionRate, recruits }: Match,
  { lit, position }: { readonly lit: Int32Array; readonly position: number },
  target: number,
): number {
  const episode = positions.get(position);
  const error = target - judged(weights, lit, episode ?? 0);
  const size = Math.abs(error);
  for (let i = 0; i < lit.length; i++) weights[lit[i]!]! += rate * error;
  if (episode !== undefined || (recruits && size >= recipe.recruit)) {
    positions.set(position, (episode ?? 0) + positionRate * error);
  }
  return size;
}
