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
    discount: 0.95,
    stretches: [
      { patterns: 0.3, episodes: 0.5, recruit: Infinity, err: 0.1 },
      { patterns: 0.1, episodes: 0.5, recruit: 0.1, err: 0.1 },
      { patterns: 0, episodes: 0.5, recruit: 0.05, err: 0.1 },
    ],
    seed: 1,
  },
};

/** Connect-four on five columns of four: its lines, and forty random patches of eight cells. */
export const connect4Definition: GameDefinition = {
  untrained: newPlayer(connectFour, linesAndPatches(connectFour, { patches: 40, size: 8, seed: 1 })),
  recipe: {
    games: 900_000,
    explore: [0.2, 0.5, 1],
    discount: 0.95,
    stretches: [
      { patterns: 0.9, episodes: 0.5, recruit: Infinity, err: 0.1 },
      { patterns: 0.9, episodes: 0.5, recruit: 0.25, err: 0.1 },
      { patterns: 0.3, episodes: 0.5, recruit: 0.15, err: 0.05 },
      { patterns: 0, episodes: 0.5, recruit: 0.1, err: 0.02 },
      { patterns: 0, episodes: 0.5, recruit: 0.06, err: 0 },
      { patterns: 0, episodes: 0.5, recruit: 0.05, err: 0 },
      { patterns: 0, episodes: 0.3, recruit: 0.05, err: 0 },
    ],
    seed: 1,
  },
};
