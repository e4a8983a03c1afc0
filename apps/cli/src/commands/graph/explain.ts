import { explainMoves, imagine, openGraph, openSentences, recall, ticTacToe, turnOf } from "@ganglion/models";
import { emit, why } from "@ganglion/neurons";
import type { Carrier } from "@ganglion/neurons";
import { UsageError } from "../../errors.ts";
import { boardOf, drawBoard, turnSign } from "./board.ts";
import { playerOf } from "./games.ts";
import { moveLines, moveReport } from "./moves.ts";
import { fileOf, print } from "./options.ts";
import type { GraphOptions } from "./options.ts";

/** `ganglion graph <task> explain`. */
export async function explainGraph(task: string, words: readonly string[], options: GraphOptions): Promise<void> {
  const player = await playerOf(task, options);
  if (player !== undefined) {
    const board = boardOf(player.game, words[0]);
    const moves = explainMoves(player, board);
    print(options, { board: [...board], moves: moveReport(moves) }, () => [
      ...drawBoard(player.game, board),
      "",
      `${turnSign(board)} to move; value of each move, and the patterns behind it (x own, o the other's, . empty):`,
      ...moveLines(moves),
    ]);
  } else await (task === "world" ? explainWorld(words, options) : explainSentence(words, options));
}

/** One line per carrier: step, sender, relation, receiver, what it carried. */
export function carrierLines(path: readonly Carrier[]): string[] {
  return path.map(
    ({ step, fromName, relation, toName, weight, contribution }) =>
      `  step ${step}  ${fromName} --${relation} ${weight.toFixed(2)}--> ${toName}  ${contribution.toFixed(3)}`,
  );
}

async function explainWorld([text, cell]: readonly string[], options: GraphOptions): Promise<void> {
  const board = boardOf(ticTacToe, text);
  const move = Number(cell ?? board.indexOf(0) + 1) - 1;
  if (board[move] !== 0)
    throw new UsageError(`graph: expected an empty cell from 1 to 9 behind the board, received ${cell}`);
  const graph = openGraph(await fileOf("world", options));
  const { board: next, side, outcome } = imagine(graph, board, move);
  const name = `next ${["empty", "x", "o"][next[move]!]!} ${move + 1}`;
  const path = why(emit(graph, outcome, graph.aliases.neuronOf(name)!, { width: 6 }));
  const report = { board: [...board], move: move + 1, imagined: [...next], side, right: side === turnOf(board), path };
  print(options, report, () => [
    `${"XO"[side - 1]} to move, it finds. After ${move + 1} it imagines:`,
    ...drawBoard(ticTacToe, next),
    "",
    `Why ${name}:`,
    ...carrierLines(path),
  ]);
}

async function explainSentence(words: readonly string[], options: GraphOptions): Promise<void> {
  const prompt = words.flatMap((word) => word.toLowerCase().split(/\s+/u)).filter((word) => word !== "");
  if (prompt.length === 0)
    throw new UsageError(
      "graph: expected the words of a prompt, as in ganglion graph sentences explain a hungry small",
    );
  const { words: said, fit, emissions } = recall(openSentences(await fileOf("sentences", options)), prompt);
  const path = emissions.flatMap((emission) => why(emission).slice(0, 3));
  print(options, { prompt, said, fit, path }, () =>
    said.length === 0
      ? ["No episode answers to these words."]
      : [said.join(" "), "", `fit ${fit.toFixed(2)}`, ...carrierLines(path)],
  );
}
