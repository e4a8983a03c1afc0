import { connectFour } from "./connectFour.ts";
import { linesAndPatches, linesAndSquares } from "./fields.ts";
import { newPlayer } from "./player.ts";
import type { Player } from "./player.ts";
import type { PlayRecipe } from "./selfPlay.ts";
import { ticTacToe } from "./ticTacToe.ts";

/** A player before it has learned, and how it learns. */
export interface GameDefinition {
  readonly untrained: Player;
  readonly recipe: PlayRecipe;
}

/** Tic-tac-toe: 540 pattern neurons, and episode neurons where these do not suffice. */
export const tttDefinition: GameDefinition = {
  untrained: newPlayer(ticTacToe, linesAndSquares(ticTacToe)),
  recipe: {
    games: 40_000,
    explore: [0.2, 0.5, 1],
    err: 0.1,
    rates: [0.3, 0.3, 0.1, 0.1, 0.03],
    discount: 0.95,
    recruit: 0.08,
    recruitFrom: 0.5,
    positionRates: [0.5, 0.5, 0.5, 0.5, 0.5],
    seed: 1,
  },
};

/** Connect-four on five columns of four: its lines, and fifty random patches of nine cells. */
export const connect4Definition: GameDefinition = {
  untrained: newPlayer(connectFour, linesAndPatches(connectFour, { patches: 50, size: 9, seed: 1 })),
  recipe: {
    games: 1_000_000,
    explore: [0.2, 0.5, 1],
    err: 0.05,
    rates: [0.9, 0.9, 0.3, 0.3, 0.09],
    discount: 0.98,
    recruit: 0.1,
    recruitFrom: 0.5,
    positionRates: [0.5, 0.5, 0.5, 0.5, 0.5],
    seed: 1,
  },
};
