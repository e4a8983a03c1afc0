import { choose, explainMoves, eyeOn, legalMoves, openSentences, recall, turnOf, wins } from "@ganglion/models";
import type { Player, Side } from "@ganglion/models";
import { createInterface } from "node:readline";
import { UsageError } from "../../errors.ts";
import { boardOf, drawBoard } from "./board.ts";
import { explainGraph } from "./explain.ts";
import { playerOf } from "./games.ts";
import { moveLines, moveReport } from "./moves.ts";
import { fileOf } from "./options.ts";
import type { GraphOptions } from "./options.ts";

/** `ganglion graph <task> play`. */
export async function playGraph(task: string, words: readonly string[], options: GraphOptions): Promise<void> {
  const player = await playerOf(task, options);
  if (player !== undefined) return playGame(player, options);
  if (task === "world" || words.length > 0) return explainGraph(task, words, options);
  const memory = openSentences(await fileOf(task, options));
  for await (const line of typed(`The first words of a sentence? `)) {
    const { words: said } = recall(memory, line.trim().toLowerCase().split(/\s+/u));
    say(said.length === 0 ? "No episode answers to these words." : said.join(" "));
  }
}

async function playGame(player: Player, options: GraphOptions): Promise<void> {
  const { game } = player;
  const you: Side = options.side === "second" ? 2 : 1;
  if (options.side !== undefined && options.side !== "first" && options.side !== "second") {
    throw new UsageError(`graph: expected --side first or second, received ${options.side}`);
  }
  const board = boardOf(game, undefined);
  const turns: unknown[] = [];
  const tell = (...lines: readonly string[]): void => {
    if (options.json !== true) say(...lines);
  };
  const answers = yourMoves(options, `Your move, 1 to ${game.moves}? `);
  let result = "drawn";
  tell(...drawBoard(game, board), "");
  while (legalMoves(game, board).length > 0) {
    const side = turnOf(board);
    const move = side === you ? await legalMove(player, board, answers) : modelMove(player, board, turns, tell);
    if (move === undefined) {
      result = "unfinished";
      break;
    }
    const cell = game.cellOf(board, move);
    board[cell] = side;
    if (side === you) turns.push({ you: move + 1 });
    tell(...drawBoard(game, board), "");
    if (!wins(game, board, cell)) continue;
    result = side === you ? "you win" : "the graph wins";
    break;
  }
  answers.return(undefined).catch(() => undefined);
  if (options.json === true) say(JSON.stringify({ game: game.name, turns, board: [...board], result }, null, 2));
  else say(result);
}

function modelMove(player: Player, board: Int8Array, turns: unknown[], tell: (...lines: string[]) => void): number {
  const moves = explainMoves(player, board);
  const { move } = choose(player, eyeOn(player, board), turnOf(board));
  turns.push({ graph: move + 1, moves: moveReport(moves) });
  tell(`The graph moves to ${move + 1}; values, and the patterns behind them:`, ...moveLines(moves), "");
  return move;
}

/** The next legal move that was typed, or nothing when there are no more. */
async function legalMove(
  { game }: Player,
  board: Int8Array,
  answers: AsyncGenerator<string, unknown>,
): Promise<number | undefined> {
  for (;;) {
    const { value, done } = await answers.next();
    if (done === true) return undefined;
    const move = Number(value) - 1;
    if (legalMoves(game, board).includes(move)) return move;
    const legal = legalMoves(game, board).map((known) => known + 1);
    if (!process.stdin.isTTY)
      throw new UsageError(`graph: expected a move among ${legal.join(", ")}, received ${JSON.stringify(value)}`);
    say(`There is no such move; there are ${legal.join(", ")}.`);
  }
}

function yourMoves({ moves }: GraphOptions, question: string): AsyncGenerator<string, unknown> {
  return moves === undefined ? typed(question) : listed(moves.split(","));
}

async function* listed(moves: readonly string[]): AsyncGenerator<string> {
  yield* moves;
}

/** Lines that are typed, or come through a pipe. */
async function* typed(question: string): AsyncGenerator<string> {
  const lines = createInterface({ input: process.stdin, terminal: false });
  if (process.stdin.isTTY) process.stdout.write(question);
  for await (const line of lines) {
    if (line.trim() !== "") yield line.trim();
    if (process.stdin.isTTY) process.stdout.write(question);
  }
}

function say(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}
