// Two products, then two sums, instead of product, sum, product, sum: Binaryen puts every product next to its sum, and a
// processor that deals its floating-point work out to two queues in turn then has all products in one of them. Tiles are
// 5 to 10 % faster this way; every number stays the same.

/** The index of a local, below 128; a number of any length. */
export const local = "[\x00-\x7f]";
export const number = "[\x80-\xff]*[\x00-\x7f]";
// local.get, then local.tee, v128.load, v128.load32_splat
const operand = `\x20${local}(?:\x22${local}|\xfd[\x00\x09]${number}${number})*`;
// f32x4.mul or i32x4.dot_i16x8_s; f32x4.add or i32x4.add, and local.set
const product = "\xfd[\xe6\xba]\x01";
const sum = `\xfd[\xe4\xae]\x01\x21(${local})`;
const pairs = new RegExp(`(${product})(${sum})(\x20(${local})((?:${operand}){2})${product}${sum})`, "gs");

/** The same module, products in pairs. */
export function pairProducts(bytes) {
  const text = bytes
    .toString("latin1")
    .replaceAll(pairs, (all, firstProduct, firstSum, first, second, from, operands, to) => {
      const touched = operands.includes(`\x20${first}`) || operands.includes(`\x22${first}`);
      const apart = from === to && from !== first && !touched;
      return apart ? `${firstProduct}${second}${firstSum}` : all;
    });
  return Buffer.from(text, "latin1");
}
