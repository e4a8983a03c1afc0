// Built with relaxed SIMD for the memory of an instance of assembly/automaton/index.ts: what stands in it, tables too, is the
// same in both.
export { backward, transpose } from "../automaton/backward";
export { forward } from "../automaton/forward";

/** First byte after the tables of coefficients. */
export const tablesEnd: usize = __heap_base;
