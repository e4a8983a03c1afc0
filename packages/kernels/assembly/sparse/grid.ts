/** 1.5 * 2^20: a float64 nearer to 0 than 2^19 and it add up to a number whose last bit is worth 2^-32. */
export const MAGIC: f64 = 1572864;

/** Its bits. Those of the sum are so many steps of 2^-32 above them, and can be added up as integers. */
export const BITS: i64 = 0x4138000000000000;
