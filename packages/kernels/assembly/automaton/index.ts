export { backward, transpose } from "./backward";
export { forward } from "./forward";
export { integerForward, integerStart } from "./integer";
export { addRow } from "../padded";

/** First byte after the tables of coefficients. */
export const tablesEnd: usize = __heap_base;
