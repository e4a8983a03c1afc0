/**
 * `sum + x * y` in four lanes: product and sum are rounded one by one; with relaxed SIMD once together, where the processor
 * can.
 */
@inline export function plusProduct(sum: v128, x: v128, y: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(x, y, sum) : f32x4.add(sum, f32x4.mul(x, y));
}
