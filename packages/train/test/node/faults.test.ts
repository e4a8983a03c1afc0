import { fromData } from "@ganglion/tensor";
import type { Tree } from "@ganglion/tensor";
import { describe, expect, test } from "vitest";
import { CheckpointError, hashTree, openRun, readCheckpoint, readMetrics, writeCheckpoint } from "../../src/node.ts";
import { Crash, MemoryFiles } from "../support/memory-files.ts";
import type { Faults } from "../support/memory-files.ts";

const folder = "run/checkpoints";
const treeOf = (step: number): Tree => ({ w: fromData(Float32Array.from({ length: 64 }, (_, i) => step * i)) });

/** Writes checkpoints 1 to 4 and tells the last that was reported as written. */
async function writeFour(files: MemoryFiles): Promise<number> {
  let written = 0;
  for (const step of [1, 2, 3, 4]) {
    await writeCheckpoint(folder, treeOf(step), { step }, { files });
    written = step;
  }
  return written;
}

/** The same, until the first fault. */
async function writeUntilFault(files: MemoryFiles): Promise<{ written: number; fault: unknown }> {
  let written = 0;
  for (const step of [1, 2, 3, 4]) {
    try {
      await writeCheckpoint(folder, treeOf(step), { step }, { files });
    } catch (fault) {
      return { written, fault };
    }
    written = step;
  }
  return { written, fault: undefined };
}

/** What is read is whole, and not older than what was reported as written. */
async function expectLoadable(files: MemoryFiles, written: number): Promise<void> {
  const read = await readCheckpoint(folder, { files }).catch((error: unknown) => {
    if (error instanceof CheckpointError && error.code === "missing") return { meta: { step: 0 }, tree: treeOf(0) };
    throw error;
  });
  expect(read.meta.step).toBeGreaterThanOrEqual(written);
  expect(hashTree(read.tree)).toBe(hashTree(treeOf(read.meta.step)));
}

const operations = await (async () => {
  const files = new MemoryFiles({ chunk: 200 });
  await writeFour(files);
  return files.operations;
})();

describe("a loss of power at each operation", () => {
  test.each([0, 0.3, 0.5, 0.8, 1])(
    "leaves a loadable checkpoint when %d of what was not flushed reached the disk",
    async (share) => {
      for (let crashAt = 0; crashAt < operations; crashAt++) {
        const files = new MemoryFiles({ crashAt, chunk: 200 });
        const { written, fault } = await writeUntilFault(files);
        expect(fault).toMatchObject({ cause: expect.any(Crash) });
        await expectLoadable(files.afterPowerLoss(share), written);
      }
    },
  );
});

describe("a full disk at each operation", () => {
  test("is reported, leaves a loadable checkpoint and can be repaired", async () => {
    for (let failAt = 0; failAt < operations; failAt++) {
      const files = new MemoryFiles({ failAt, chunk: 200 });
      const { written, fault } = await writeUntilFault(files);
      expect(fault).toBeInstanceOf(CheckpointError);
      expect(fault).toMatchObject({
        code: "disk",
        message: expect.stringContaining("ENOSPC: no space left on device"),
      });
      await expectLoadable(files, written);
      await writeFour(files);
      await expectLoadable(files, 4);
      expect(files.names.size).toBe(2);
    }
  });

  test("leaves nothing unfinished behind, whatever its size", async () => {
    const files = new MemoryFiles();
    await writeCheckpoint(folder, treeOf(1), { step: 1 }, { files });
    const size = files.used;
    for (let free = 0; free < size; free += 7) {
      files.faults = { capacity: size + free };
      await expect(writeCheckpoint(folder, treeOf(2), { step: 2 }, { files })).rejects.toMatchObject({ code: "disk" });
      expect(files.used).toBe(size);
    }
    await expectLoadable(files, 1);
  });
});

describe("a file system", () => {
  test.each([1, 7, 64])("that takes %d bytes at a time gets all of them", async (chunk) => {
    const files = new MemoryFiles({ chunk });
    expect(await writeFour(files)).toBe(4);
    await expectLoadable(files, 4);
  });

  test("that keeps other bytes than it was given is found out before the rename", async () => {
    const files = new MemoryFiles();
    await writeCheckpoint(folder, treeOf(1), { step: 1 }, { files });
    files.faults = { chunk: 100, flipFrom: 100 };
    await expect(writeCheckpoint(folder, treeOf(2), { step: 2 }, { files })).rejects.toThrow(
      'received "the file system returned other bytes than it was given"',
    );
    await expectLoadable(files, 1);
    expect(files.names.size).toBe(1);
  });
});

/** A run of 6 steps with a checkpoint every 2, from where it stands. */
async function train(files: MemoryFiles): Promise<void> {
  const begun = files.names.has("run/config.json");
  const run = await openRun("run", { config: { rate: 1 }, resume: begun, files });
  for (let step = run.step + 1; step <= 6; step++) {
    await run.log(step, { loss: 1 / step });
    if (step % 2 === 0) await run.save(step, treeOf(step));
  }
  await run.close();
}

describe("a run", () => {
  const uninterrupted = (async () => {
    const files = new MemoryFiles({ chunk: 20 });
    await train(files);
    return { operations: files.operations, metrics: (await files.read("run/metrics.jsonl"))!.toString() };
  })();

  test.each<[string, (at: number) => Faults, (files: MemoryFiles) => MemoryFiles]>([
    ["a loss of power", (crashAt) => ({ crashAt }), (files) => files.afterPowerLoss(0.5)],
    ["a loss of power that spares nothing", (crashAt) => ({ crashAt }), (files) => files.afterPowerLoss(0)],
    ["a full disk", (failAt) => ({ failAt }), (files) => files],
  ])("resumed after %s at each operation logs every step once", async (_, faults, after) => {
    const { operations: all, metrics } = await uninterrupted;
    for (let at = 0; at < all; at++) {
      const before = new MemoryFiles({ ...faults(at), chunk: 20 });
      await expect(train(before), `operation ${at}`).rejects.toBeInstanceOf(CheckpointError);
      const files = after(before);
      files.faults = { chunk: 20 };
      await train(files);
      expect((await files.read("run/metrics.jsonl"))!.toString(), `operation ${at}`).toBe(metrics);
      expect((await readMetrics("run", { files })).rows).toHaveLength(6);
      await expect(readCheckpoint(folder, { files })).resolves.toMatchObject({ meta: { step: 6 } });
    }
  });
});
