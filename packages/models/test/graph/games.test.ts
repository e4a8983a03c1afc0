import { FormatError } from "@ganglion/neurons";
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { decodePlayer, encodePlayer } from "../../src/graph/games/bytes.ts";
import { connectFour } from "../../src/graph/games/connectFour.ts";
import { playAll } from "../../src/graph/games/exhaustive.ts";
import { eye } from "../../src/graph/games/eye.ts";
import { linesAndPatches, linesAndSquares } from "../../src/graph/games/fields.ts";
import { legalMoves, other, turnOf, wins } from "../../src/graph/games/game.ts";
import type { Game, Side } from "../../src/graph/games/game.ts";
import { choose, eyeOn, newPlayer, valueOf } from "../../src/graph/games/player.ts";
import { connect4Definition, tttDefinition } from "../../src/graph/games/recipes.ts";
import { selfPlay } from "../../src/graph/games/selfPlay.ts";
import { reachable, solver } from "../../src/graph/games/solve.ts";
import { ticTacToe } from "../../src/graph/games/ticTacToe.ts";
import { valueGraph, verifyValue } from "../../src/graph/games/valueGraph.ts";
import { explainMoves } from "../../src/graph/explain.ts";
import { defineGraph, graphFile } from "../../src/graph/registry.ts";

const games = fc.constantFrom<Game[]>(ticTacToe, connectFour);

/** A game of random legal moves, stopped anywhere. */
function moves(game: Game, choices: readonly number[]): { cell: number; side: Side }[] {
  const board = new Int8Array(game.columns * game.rows);
  const played: { cell: number; side: Side }[] = [];
  let side: Side = 1;
  for (const choice of choices) {
    const legal = legalMoves(game, board);
    if (legal.length === 0) break;
    const cell = game.cellOf(board, legal[choice % legal.length]!);
    board[cell] = side;
    played.push({ cell, side });
    if (wins(game, board, cell)) break;
    side = other(side);
  }
  return played;
}

describe("the referee", () => {
  test("knows the lines, the positions and the results of both games", () => {
    expect([ticTacToe.lines.length, connectFour.lines.length]).toEqual([8, 17]);
    expect([...reachable(ticTacToe)].length).toBe(4520);
    expect(solver(ticTacToe).result(new Int8Array(9), 1)).toBe(0);
  });

  test("lets stones fall to the lowest empty cell of a column", () => {
    const board = new Int8Array(20);
    expect(connectFour.cellOf(board, 2)).toBe(17);
    board[17] = 1;
    expect(connectFour.cellOf(board, 2)).toBe(12);
    for (const cell of [2, 7, 12]) board[cell] = 1;
    expect(legalMoves(connectFour, board)).toEqual([0, 1, 3, 4]);
  });
});

describe("an eye", () => {
  test.prop([games, fc.array(fc.nat(), { maxLength: 20 }), fc.nat(5)])(
    "keeps up patterns and position as if it looked anew",
    (game, choices, back) => {
      const fields = linesAndSquares(game);
      const seen = eye(game, fields);
      const played = moves(game, choices);
      for (const { cell, side } of played) seen.put(cell, side);
      for (const { cell } of played.slice(played.length - back).toReversed()) seen.take(cell);
      const fresh = eyeOn(newPlayer(game, fields), seen.board.slice());
      for (const side of [1, 2] as const) {
        expect(seen.lit(side)).toEqual(fresh.lit(side));
        expect(seen.position(side)).toBe(fresh.position(side));
        const state = Array.from(seen.board, (stone): number => (stone === 0 ? 0 : stone === side ? 1 : 2));
        expect(seen.position(side)).toBe(state.reduce((sum, value, cell) => sum + value * 3 ** cell, 0));
      }
    },
  );
});

describe("self-play", () => {
  const short = { ...tttDefinition.recipe, games: 600 };

  test("gives the same weights for the same seed, and others for another", () => {
    const [one, two, three] = [short, short, { ...short, seed: 2 }].map((recipe) =>
      finish(selfPlay(tttDefinition.untrained, recipe)),
    );
    expect(two).toEqual(one);
    expect(three!.weights).not.toEqual(one!.weights);
  });

  test("improves on what it was", () => {
    const before = playAll(tttDefinition.untrained, 2).lost;
    expect(playAll(finish(selfPlay(tttDefinition.untrained, short)), 2).lost).toBeLessThan(before / 2);
  });

  test("writes files that play the same game", () => {
    const player = finish(selfPlay(tttDefinition.untrained, short));
    const file = encodePlayer(player);
    const back = decodePlayer(tttDefinition.untrained, file);
    for (const { board, side } of reachable(ticTacToe)) {
      const [one, two] = [player, back].map((known) => valueOf(known, eyeOn(known, board), side));
      expect(Math.abs(one! - two!)).toBeLessThan(0.05);
    }
    expect(encodePlayer(back).length).toBeLessThanOrEqual(file.length);
  });

  test("refuses the file of another game", () => {
    const fields = linesAndPatches(connectFour, { patches: 2, size: 5, seed: 1 });
    const file = encodePlayer(newPlayer(connectFour, fields));
    expect(() => decodePlayer(tttDefinition.untrained, file)).toThrow(FormatError);
    expect(() => decodePlayer(tttDefinition.untrained, file)).toThrow(
      "decode: expected a player of ttt, received one of connect4",
    );
  });
});

describe("the tic-tac-toe model", async () => {
  const file = await graphFile("ttt");
  const player = decodePlayer(tttDefinition.untrained, file);

  test("never loses, on either side, against any sequence of replies", () => {
    expect([playAll(player, 1).lost, playAll(player, 2).lost]).toEqual([0, 0]);
  });

  test("takes at most 26 KB", () => {
    expect(file.length).toBeLessThanOrEqual(26_000);
  });

  test("is what its recipe makes of nothing, byte for byte", async () => {
    const { train } = await defineGraph("ttt");
    expect(finish(train())).toEqual(new Uint8Array(file));
  });

  test("has the values of spread in every fifth reachable position, bit for bit", () => {
    const built = valueGraph(player);
    let position = 0;
    for (const { board, side } of reachable(ticTacToe)) {
      if (position++ % 5 === 0) verifyValue(player, built, board, side === 1 ? 2 : 1);
    }
  });

  test("explains its move by patterns whose votes add up to the value", () => {
    const board = Int8Array.from([1, 0, 2, 0, 1, 0, 0, 0, 0]);
    const [first, ...others] = explainMoves(player, board);
    expect(first!.move).toBe(choose(player, eyeOn(player, board), turnOf(board)).move);
    expect(others.every(({ value }) => value <= first!.value)).toBe(true);
    const sum = first!.path.reduce((total, { weight }) => total + weight, 0);
    expect(first!.value).toBeCloseTo(Math.min(1, Math.max(0, sum)), 6);
  });

  test("would lose without what it learned", () => {
    const nothing = newPlayer(ticTacToe, tttDefinition.untrained.fields);
    expect(playAll(nothing, 1).lost).toBeGreaterThan(0);
    expect(playAll(nothing, 2).lost).toBeGreaterThan(50);
  });
});

describe("the connect-four model", async () => {
  const player = decodePlayer(connect4Definition.untrained, await graphFile("connect4"));

  test("loses as many ends against every reply as its card says, far fewer than with nothing learned", async () => {
    const { card } = await defineGraph("connect4");
    for (const [side, name] of [
      [1, "first"],
      [2, "second"],
    ] as const) {
      const { lost, won } = playAll(player, side);
      const row = card.figures?.rows.find((figure) => figure.name === `moving ${name}, losing ends over every reply`);
      expect(lost).toBe(row?.value);
      expect(lost).toBeLessThan(won / 100);
    }
  });

  test("explains its moves by the neurons that they light, with the values of the table", () => {
    const board = new Int8Array(20);
    for (const { move, value, path } of explainMoves(player, board)) {
      const sum = path.reduce((total, { weight }) => total + weight, 0);
      expect([move >= 0, Math.abs(value - sum) < 1e-6]).toEqual([true, true]);
    }
  });
});

function finish<Result>(learning: Generator<unknown, Result>): Result {
  for (;;) {
    const { done, value } = learning.next();
    if (done === true) return value;
  }
}
