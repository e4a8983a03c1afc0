export { learnRows, sortPairs } from "./pairs";
export { fire, spreadSlices } from "./spread";

/** First byte after the tables: there are none. */
export const tablesEnd: usize = __heap_base;
