export { sortPairs } from "./chunks";
export { learnRows, learnRows2, learnRows3, learnRows4, learnRows5 } from "./pairs";
export { order } from "./order";
export { push } from "./push";
export { fire, spreadSlices } from "./spread";

/** First byte after the tables: there are none. */
export const tablesEnd: usize = __heap_base;
