import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CodecError, decode } from "../src/index.ts";
import { nasty } from "./corpus/nasty.ts";

const folder = join(import.meta.dirname, "corpus");
const saved = readdirSync(folder).filter((file) => file.endsWith(".bin"));

function refusal(bytes: Uint8Array): unknown {
  try {
    decode(bytes);
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("decode refuses the saved file", () => {
  test.each(nasty)("$name", ({ name, code, offset, message }) => {
    const error = refusal(new Uint8Array(readFileSync(join(folder, `${name}.bin`))));
    expect(error).toBeInstanceOf(CodecError);
    expect(error).toMatchObject({ message, code, offset, operation: "decode" });
  });
});

describe("the corpus", () => {
  test("has the files that its script writes, no more and no fewer", () => {
    expect(saved.toSorted()).toEqual(nasty.map(({ name }) => `${name}.bin`).toSorted());
  });

  test.each(nasty)("$name.bin is what the script writes", ({ name, bytes }) => {
    expect([...readFileSync(join(folder, `${name}.bin`))]).toEqual([...bytes]);
  });
});
