/** What went wrong, for programs: the text of a {@link CodecError} is for people. */
export type CodecErrorCode =
  | "magic"
  | "webPage"
  | "version"
  | "truncated"
  | "trailing"
  | "checksum"
  | "header"
  | "limit"
  | "name"
  | "shape"
  | "dtype"
  | "value";

/** The parts of a {@link CodecError}. */
export interface CodecErrorParts {
  readonly operation: "quantize" | "dequantize" | "encode" | "decode";
  readonly code: CodecErrorCode;
  readonly expected: string;
  readonly received: string;
  /** A full sentence: what to try next. */
  readonly repair: string;
  /** Byte in the file (`decode`) or index of the value (`quantize`, `dequantize`, `encode`), where there is one. */
  readonly offset?: number | undefined;
}

/** The one error of this package: values that cannot be quantised, entries that cannot be written, bytes that cannot be read. */
export class CodecError extends Error implements CodecErrorParts {
  override readonly name = "CodecError";
  readonly operation: CodecErrorParts["operation"];
  readonly code: CodecErrorCode;
  readonly expected: string;
  readonly received: string;
  readonly repair: string;
  readonly offset: number | undefined;

  constructor(parts: CodecErrorParts) {
    super(`${parts.operation}: expected ${parts.expected}, received ${parts.received}. ${parts.repair}`);
    this.operation = parts.operation;
    this.code = parts.code;
    this.expected = parts.expected;
    this.received = parts.received;
    this.repair = parts.repair;
    this.offset = parts.offset;
  }
}
