export { backward, transpose } from "./backward";
export { forward } from "./forward";

/** First byte after the tables of coefficients. */
export const tablesEnd: usize = __heap_base;
