import { CodecError } from "./error.ts";
import type { CodecErrorCode } from "./error.ts";
import { limits } from "./limits.ts";

const REPAIR = "The file was not written by encode: ask its author for a new one.";
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A cursor over part of a file that never leaves it. */
export class Reader {
  readonly #file: Uint8Array;
  readonly #view: DataView;
  readonly #end: number;
  /** Byte of the file that is read next. */
  at: number;

  constructor(file: Uint8Array, start: number, end: number) {
    this.#file = file;
    this.#view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    this.#end = end;
    this.at = start;
  }

  integer(width: 1 | 2 | 4, what: string): number {
    const at = this.#take(width, what);
    if (width === 1) return this.#view.getUint8(at);
    return width === 2 ? this.#view.getUint16(at, true) : this.#view.getUint32(at, true);
  }

  count(what: string, most: number): number {
    const at = this.at;
    const count = this.integer(2, `the number of ${what}`);
    if (count > most) throw this.refuse("limit", `at most ${most} ${what}`, `${count}`, at);
    return count;
  }

  name(): string {
    const at = this.at;
    const length = this.integer(1, "the length of a name");
    if (length === 0) throw this.refuse("name", `a name of 1 to ${limits.nameBytes} bytes`, "0 bytes", at);
    return this.text(length, "a name");
  }

  text(length: number, what: string): string {
    const at = this.at;
    const bytes = this.copy(length, what);
    try {
      return decoder.decode(bytes);
    } catch {
      throw this.refuse("name", `${what} in UTF-8`, "other bytes", at);
    }
  }

  /** The next bytes, in a buffer of their own; `length` may be any number from 0 on. */
  copy(length: number, what: string): Uint8Array<ArrayBuffer> {
    const at = this.#take(length, what);
    const bytes = new Uint8Array(length);
    bytes.set(this.#file.subarray(at, at + length));
    return bytes;
  }

  finish(what: string): void {
    if (this.at !== this.#end) {
      throw this.refuse("header", `the ${what} to end at byte ${this.at}`, `${this.#end}`, this.at);
    }
  }

  refuse(code: CodecErrorCode, expected: string, received: string, offset: number): CodecError {
    return new CodecError({
      operation: "decode",
      code,
      expected,
      received: `${received} at byte ${offset}`,
      repair: REPAIR,
      offset,
    });
  }

  #take(length: number, what: string): number {
    const at = this.at;
    if (length > this.#end - at)
      throw this.refuse("header", `${length} bytes for ${what}`, `${this.#end - at} bytes`, at);
    this.at = at + length;
    return at;
  }
}
