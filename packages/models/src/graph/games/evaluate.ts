import type { GraphRow } from "../row.ts";
import { shareRow } from "../row.ts";
import { playAll } from "./exhaustive.ts";
import { patternStarts } from "./fields.ts";
import { other } from "./game.ts";
import type { Side } from "./game.ts";
import { anyMove, learned, meet, perfect, winsAndBlocks } from "./opponents.ts";
import type { Mover } from "./opponents.ts";
import { choose, eyeOn, newPlayer } from "./player.ts";
import type { Player } from "./player.ts";
import { reachable, solver } from "./solve.ts";
import { valueGraph, verifyValue } from "./valueGraph.ts";

/** How a player is measured. */
export interface GameEvaluation {
  /** Games against each opponent and on each side. */
  readonly games: number;
  readonly seed: number;
  /** Positions of which the moves are judged and the values verified; all there are when there are fewer. */
  readonly positions: number;
}

/** Graphs of more episodes are verified in parts: only what a board lights is built. */
const MOST_EPISODES = 10_000;

const sides: readonly (readonly [Side, string])[] = [
  [1, "first"],
  [2, "second"],
];

/** Measures a player: against every reply, against opponents, by the exact result of its moves, and by its size. */
export function* evaluatePlayer(player: Player, { games, seed, positions }: GameEvaluation): Generator<GraphRow> {
  const { game } = player;
  for (const [side, name] of sides) {
    const { positions: met, won, drawn, lost } = playAll(player, side);
    const beside = `${count(won)} won, ${count(drawn)} drawn; ${count(met)} positions`;
    yield { name: `moving ${name}, losing ends over every reply`, value: lost, unit: "ends", beside };
  }
  const nothing = newPlayer(game, player.fields);
  for (const [side, name] of sides) {
    const { won, drawn, lost } = playAll(nothing, side);
    const beside = `${count(won)} won, ${count(drawn)} drawn`;
    yield { name: `nothing learned: moving ${name}, losing ends`, value: lost, unit: "ends", beside };
  }
  const exact = solver(game);
  const entrants: readonly (readonly [string, Mover])[] = [
    ["learned", learned(player)],
    ["nothing learned, any move", anyMove(game)],
    ["published recipe untrained (wins and blocks by hand)", winsAndBlocks(game)],
  ];
  const opponents: readonly (readonly [string, Mover])[] = [
    ["a perfect player", perfect(exact)],
    ["any moves", anyMove(game)],
  ];
  for (const [opponent, mover] of opponents) {
    for (const [name, entrant] of entrants) {
      for (const [side, place] of sides) {
        const { won, drawn, lost } = meet(game, entrant, mover, side, games, seed);
        const beside = `${won} won, ${drawn} drawn, ${lost} lost`;
        yield {
          name: `${name} against ${opponent}, moving ${place}: not lost`,
          value: (won + drawn) / games,
          unit: "%",
          beside,
        };
      }
    }
  }
  yield* judge(player, positions);
}

/** Whether the chosen move keeps the exact result, over positions of every kind; and whether spread says the same. */
function* judge(player: Player, most: number): Generator<GraphRow> {
  const exact = solver(player.game);
  const whole = player.positions.size <= MOST_EPISODES ? valueGraph(player) : undefined;
  let [right, seen, verified] = [0, 0, 0];
  for (const { board, side } of reachable(player.game)) {
    if (seen === most) break;
    const { move, cell } = choose(player, eyeOn(player, board), side);
    const results = exact.results(board, side);
    const best = Math.max(...results.map(({ result }) => result));
    if (results.find((candidate) => candidate.move === move)!.result === best) right++;
    const after = board.slice();
    after[cell] = side;
    for (const sight of [
      { board: after, side },
      { board, side: other(side) },
    ]) {
      if (whole === undefined && seen % 10 > 0) continue;
      verifyValue(player, whole ?? valueGraph(player, [sight]), sight.board, sight.side);
      verified++;
    }
    seen++;
  }
  yield shareRow("moves that keep the exact result", right, seen);
  yield shareRow("values that spread gives bit for bit", verified, verified);
  yield* sizeRows(player);
}

/** Neurons and synapses of the whole graph, counted without building it. */
function* sizeRows({ game, fields, weights, positions }: Player): Generator<GraphRow> {
  const cells = game.columns * game.rows;
  const starts = patternStarts(fields);
  let patterns = 0;
  let synapses = 1 + positions.size * (cells + 1);
  for (const [index, field] of fields.entries()) {
    const voting = weights.subarray(starts[index], starts[index + 1]).filter((weight) => weight !== 0).length;
    patterns += voting;
    synapses += voting * (field.length + 1);
  }
  const beside = `${count(patterns)} pattern and ${count(positions.size)} episode neurons`;
  yield { name: "graph", value: synapses, unit: "synapses", beside };
}

function count(value: number): string {
  return value.toLocaleString("en");
}
