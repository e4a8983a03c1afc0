export { backward, collect } from "./backward";
export { forward, show } from "./forward";

/** First byte after the tables of coefficients. */
export const tablesEnd: usize = __heap_base;
