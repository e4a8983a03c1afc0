// Built with relaxed SIMD for the memory of an instance of assembly/index.ts, above its tables.
export { gemm } from "../matrix";

/** First byte after the block. */
export const tablesEnd: usize = __heap_base;
