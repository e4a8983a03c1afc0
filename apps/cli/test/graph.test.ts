import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ganglion, PATIENCE } from "./support/cli.ts";

vi.setConfig({ testTimeout: PATIENCE });

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "graph-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("ganglion graph", () => {
  test("lists its tasks", async () => {
    const { stdout } = await ganglion(["graph", "--json"]);
    expect((JSON.parse(stdout) as { model: string }[]).map(({ model }) => model)).toEqual([
      "ttt",
      "connect4",
      "world",
      "sentences",
    ]);
  });

  test("plays a game and shows the value of each move with the patterns behind it", async () => {
    const { code, stdout } = await ganglion(["graph", "ttt", "play", "--moves", "1,9", "--json"]);
    const { turns, result } = JSON.parse(stdout) as {
      turns: { graph?: number; moves?: { value: number; path: unknown[] }[] }[];
      result: string;
    };
    expect([code, result]).toEqual([0, "unfinished"]);
    expect(turns.map((turn) => turn.graph ?? 0)).toEqual([0, 5, 0, expect.any(Number)]);
    for (const { value, path } of turns[1]!.moves!)
      expect([value >= 0 && value <= 1, path.length > 0]).toEqual([true, true]);
  });

  test("takes moves from a pipe", async () => {
    const { stdout } = await ganglion(["graph", "ttt", "play", "--side", "first"], { input: "1\n" });
    expect(stdout).toContain("The graph moves to");
    expect(stdout.endsWith("unfinished\n")).toBe(true);
  });

  test("explains boards, imagined boards and sentences", async () => {
    const board = await ganglion(["graph", "ttt", "explain", "x.o.x...."]);
    expect(board.stdout).toContain("O to move");
    const world = await ganglion(["graph", "world", "explain", "xo.......", "5", "--json"]);
    expect(JSON.parse(world.stdout)).toMatchObject({ side: 1, right: true, imagined: [1, 2, 0, 0, 1, 0, 0, 0, 0] });
    const said = await ganglion(["graph", "sentences", "explain", "no", "such", "words"]);
    expect(said.stdout).toBe("No episode answers to these words.\n");
  });

  test("changes the recipe on the command line, and says which settings there are", async () => {
    const files = ["a", "b", "c"].map((name) => join(folder, `${name}.ganglion`));
    const trained = async (file: string, ...more: string[]): Promise<string> => {
      const { code } = await ganglion(["graph", "ttt", "train", "--out", file, ...more]);
      expect(code).toBe(0);
      return (await readFile(file)).toString("base64");
    };
    const few = await trained(files[0]!, "--set", "games=30,recruit=0.5");
    expect(await trained(files[1]!, "--set", "games=30", "--set", "recruit=0.5", "--seed", "1")).toBe(few);
    expect(await trained(files[2]!, "--set", "games=30,recruit=0.5", "--seed", "2")).not.toBe(few);
    const refused = async (task: string, set: string): Promise<unknown> => {
      const { code, stderr } = await ganglion(["graph", task, "train", "--set", set]);
      return [code, stderr];
    };
    expect(await refused("world", "game=3")).toEqual([
      2,
      "set: expected one of games, rate, seed, received game. Did you mean games?\n",
    ]);
    expect(await refused("connect4", "discount=2")).toEqual([
      2,
      "set: expected discount to be a number from 0 to 1, received 2\n",
    ]);
    expect(await refused("ttt", "games")).toEqual([2, "set: expected name=value, received games. Write games=1?\n"]);
    expect(await refused("sentences", "games=3")).toEqual([
      2,
      "set: expected no settings: sentences are heard once. Leave out games=3?\n",
    ]);
  });

  test("trains, exports, inspects and asks why", async () => {
    const [weights, graph] = [join(folder, "world.ganglion"), join(folder, "world.graph")];
    const trained = await ganglion(["graph", "world", "train", "--out", weights, "--json"]);
    expect(JSON.parse(trained.stdout)).toMatchObject({ task: "world", bytes: expect.any(Number) });
    expect((await ganglion(["graph", "world", "export", "--weights", weights, "--out", graph])).code).toBe(0);
    const held = JSON.parse((await ganglion(["graph", "inspect", graph, "--json"])).stdout) as {
      neurons: number;
      kinds: object;
    };
    expect(held).toMatchObject({ neurons: 66, kinds: { image: 54, concept: 12 } });
    const why = await ganglion(["graph", "why", graph, "--from", "empty 5,move 5,bias", "--to", "next x 5", "--json"]);
    const { path } = JSON.parse(why.stdout) as { path: { toName: string }[] };
    expect(path[0]!.toName).toBe("next x 5");
  });

  test.each([
    [
      ["graph", "tt"],
      2,
      'load: expected a model among ttt, connect4, world or sentences, received "tt". Did you mean ttt?',
    ],
    [
      ["graph", "ttt", "pay"],
      2,
      'graph: expected train, eval, play, explain, export after ttt, received "pay". Did you mean play?',
    ],
    [["graph", "ttt", "explain", "xx"], 2, 'graph: expected a board of ttt: 9 signs among . x o, received "xx"'],
    [["graph", "ttt", "explain", "xx......."], 2, "graph: expected as many x as o, or one more, received 2 and 0"],
    [
      ["graph", "ttt", "eval", "--set", "games=3"],
      2,
      "graph: expected --set with train only, received eval. Train with it, and evaluate the file by --weights?",
    ],
    [
      ["graph", "world", "train", "--games", "3"],
      2,
      "graph: expected --games with eval only, received train. Leave it out?",
    ],
    [
      ["graph", "why", "file", "--out", "other"],
      2,
      "graph: expected --out with train or export only, received why. Leave it out?",
    ],
    [["graph", "ttt", "play", "--side", "left"], 2, "graph: expected --side first or second, received left"],
    [["graph", "inspect", "nowhere.graph"], 1, "graph: expected a file at nowhere.graph, found none"],
    [
      ["graph", "sentences", "explain"],
      2,
      "graph: expected the words of a prompt, as in ganglion graph sentences explain a hungry small",
    ],
  ])("answers %j in one line", async (words, code, message) => {
    expect(await ganglion(words)).toEqual({ code, stdout: "", stderr: `${message}\n` });
  });

  test("refuses a damaged file", async () => {
    const file = join(folder, "damaged.graph");
    await writeFile(file, "not a graph");
    const { code, stderr } = await ganglion(["graph", "inspect", file]);
    expect(code).toBe(1);
    expect(stderr.split("\n").length).toBe(2);
  });
});
