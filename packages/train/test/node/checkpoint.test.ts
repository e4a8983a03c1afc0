import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "@ganglion/int8";
import { fromData, tensor } from "@ganglion/tensor";
import type { Tree } from "@ganglion/tensor";
import { arbitraries } from "@ganglion/testing";
import { test as property, fc } from "@fast-check/vitest";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CheckpointError, hashTree, readCheckpoint, writeCheckpoint } from "../../src/node.ts";
import { MemoryFiles } from "../support/memory-files.ts";

const treeOf = (step: number): Tree => ({ w: tensor([step, -step]), state: [{}, { count: tensor(step, "int32") }] });

/** A checkpoint's file as it should be. */
const sound = await (async () => {
  const files = new MemoryFiles();
  const { path } = await writeCheckpoint("memory", treeOf(1), { step: 1 }, { files });
  return { path, content: (await files.read(path))! };
})();

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ganglion-checkpoint-"));
});
afterEach(() => rm(folder, { recursive: true }));

const write = async (...steps: number[]): Promise<string[]> => {
  const paths: string[] = [];
  for (const step of steps) paths.push((await writeCheckpoint(folder, treeOf(step), { step })).path);
  return paths;
};

const damage = async (path: string, change: (bytes: Buffer) => Uint8Array): Promise<void> =>
  writeFile(path, change(await readFile(path)));

const flip = (bytes: Buffer): Buffer => {
  bytes[40] = bytes[40]! ^ 4;
  return bytes;
};

describe("writeCheckpoint", () => {
  test("is read back with its structure, every bit and its meta", async () => {
    const tree = {
      params: {
        w: tensor([
          [1.5, -0],
          [NaN, 1e-45],
        ]),
        deep: [[tensor(1, "float64")], {}, []],
      },
      mask: tensor([0, 1], "uint8"),
      codes: tensor([-128, 127], "int8"),
      none: tensor([], "int32"),
    };
    const { path, hash } = await writeCheckpoint(folder, tree, { step: 12, note: ["a", { b: null }] });
    const checkpoint = await readCheckpoint(folder);
    expect(hashTree(checkpoint.tree)).toBe(hashTree(tree));
    expect(checkpoint.tree).toEqual(tree);
    expect(checkpoint).toMatchObject({ path, warnings: [], meta: { step: 12, note: ["a", { b: null }] } });
    expect(path).toBe(join(folder, `0000000012-${hash}.ganglion`));
  });

  test("keeps the two newest and makes its folder", async () => {
    const below = join(folder, "runs", "a");
    for (const step of [1, 2, 3]) await writeCheckpoint(below, treeOf(step), { step });
    const steps = (await readdir(below)).map((name) => name.slice(0, 10));
    expect(steps.toSorted()).toEqual(["0000000002", "0000000003"]);
  });

  test("removes what a crash left unfinished and steps of a continuation that was given up", async () => {
    const [, first] = await write(1, 2);
    await writeFile(join(folder, "0000000003-00.ganglion.partial"), "half");
    await writeFile(join(folder, "notes.txt"), "mine");
    const [later] = await write(9);
    const [again] = await write(5);
    expect(later).not.toBe(again);
    const left = (await readdir(folder)).map((name) => join(folder, name));
    expect(left.toSorted()).toEqual([first!, again!, join(folder, "notes.txt")].toSorted());
  });

  property.prop([fc.array(arbitraries.tensorLike({ includeEdges: true, min: -Infinity, max: Infinity })), fc.nat()])(
    "writes the same bytes for the same tree, and every bit of it",
    async (parts, step) => {
      const tree = parts.map(({ shape, data }) => ({ list: [fromData(data, shape)], empty: {} }));
      const files = new MemoryFiles();
      const first = await writeCheckpoint("memory", tree, { step }, { files });
      expect(await writeCheckpoint("memory", tree, { step }, { files })).toEqual(first);
      expect(hashTree((await readCheckpoint("memory", { files })).tree)).toBe(hashTree(tree));
    },
  );

  test("names what the disk said and what to do", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    const failing = writeCheckpoint(join(file, "below"), treeOf(1), { step: 1 });
    await expect(failing).rejects.toThrow(
      /^writeCheckpoint: expected to write \d+ bytes to .*below, received "ENOTDIR: .*"\. Free some space or choose another folder; the checkpoints before it are intact\.$/,
    );
    await expect(failing).rejects.toMatchObject({ name: "CheckpointError", code: "disk" });
  });
});

describe("readCheckpoint", () => {
  test("says that there is none", async () => {
    const missing = join(folder, "none");
    const error = await readCheckpoint(missing).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CheckpointError);
    expect(error).toMatchObject({
      code: "missing",
      path: missing,
      repair: "Start the run without resuming?",
      message: `readCheckpoint: expected a checkpoint in ${missing}, found none. Start the run without resuming?`,
    });
  });

  test.each<[string, (bytes: Buffer) => Uint8Array]>([
    ["a flipped bit", flip],
    ["a missing end", (bytes) => bytes.subarray(0, -1)],
    ["an empty file", () => new Uint8Array()],
    ["an added byte", (bytes) => Buffer.concat([bytes, Buffer.of(0)])],
  ])("passes over %s, falls back to the one before and says so", async (_, change) => {
    const [, newest] = await write(10, 20);
    await damage(newest!, change);
    const { meta, tree, warnings } = await readCheckpoint(folder);
    expect(meta.step).toBe(10);
    expect(hashTree(tree)).toBe(hashTree(treeOf(10)));
    expect(warnings).toEqual([
      "readCheckpoint: the checkpoint of step 20 is damaged (its SHA-256 is not the one in its name); continued from step 10",
    ]);
  });

  property.prop([arbitraries.mutatedBytes(sound.content)])("notices any change", async (mutant) => {
    const files = new MemoryFiles();
    files.put(sound.path, mutant);
    await expect(readCheckpoint("memory", { files })).rejects.toMatchObject({ code: "damaged" });
  });

  test("names every damaged one when none is intact", async () => {
    for (const path of await write(10, 20)) await damage(path, flip);
    await expect(readCheckpoint(folder)).rejects.toMatchObject({
      code: "damaged",
      message:
        `readCheckpoint: expected an intact checkpoint in ${folder}, ` +
        "but the checkpoint of step 20 is damaged (its SHA-256 is not the one in its name) " +
        "and the checkpoint of step 10 is damaged (its SHA-256 is not the one in its name). " +
        "Restore the folder from a copy, or remove it and start again?",
    });
  });

  test("ignores files that are no checkpoints", async () => {
    const [path] = await write(3);
    await writeFile(join(folder, "0000000009-xyz.ganglion"), "no");
    await writeFile(join(folder, "README"), "no");
    expect((await readCheckpoint(folder)).path).toBe(path);
  });
});

describe("a checkpoint whose content is not what it should be", () => {
  const place = async (bytes: Uint8Array): Promise<void> => {
    const hash = createHash("sha256").update(bytes).digest("hex");
    await writeFile(join(folder, `0000000007-${hash}.ganglion`), bytes);
  };
  const leaf = { kind: "raw", name: "0", shape: [1], dtype: "uint8", data: Uint8Array.of(1) } as const;
  const kind = "checkpoint 1";
  const meta = '{"step":7}';

  test.each([
    [encode([leaf]), "it is a container of another kind"],
    [
      encode([leaf], { metadata: { kind, structure: "[0,0]", meta } }),
      "its structure names leaf 0 twice or has no such leaf",
    ],
    [encode([leaf], { metadata: { kind, structure: "[]", meta } }), "its structure leaves out 1 of 1 leaves"],
    [
      encode([leaf], { metadata: { kind, structure: '{"a":"0"}', meta } }),
      "its structure holds something else than leaves",
    ],
    [encode([leaf], { metadata: { kind, structure: "0", meta: '{"step":8}' } }), "its step is not the one in its name"],
  ])("%#: is refused with the reason", async (bytes, reason) => {
    await place(bytes);
    await expect(readCheckpoint(folder)).rejects.toThrow(`the checkpoint of step 7 is damaged (${reason})`);
  });
});
