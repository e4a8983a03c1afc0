// Loops over products whose turns are a multiple of four, four turns at a time. Written so in AssemblyScript, Binaryen would
// make one sum of the four, whose operands no processor has registers for; V8 unrolls as many turns as fit into a small
// size, and tests after each of them whether it was the last. A loop has its turns counted thus by `do … while (p !== end)`,
// with a last statement `p += 4`.

import { local, number } from "./pair-products.mjs";

const TURNS = 4;

// local.get, local.set, local.tee; v128.load, v128.load32_splat; products, sums, both at once; i32.const, i32.add
const operation = `[\x20-\x22]${local}|\xfd[\x00\x09]${number}${number}|\xfd[\xe6\xe4\xba\xae]\x01|\xfd\x85\x02|\x41${number}|\x6a`;
// local.get of the end; the step of 4, local.tee; i32.ne, br_if
const loops = new RegExp(
  `\x03\x40((?:${operation})+)(\x20${local})(\x20(${local})\x41\x04\x6a)\x22\\4\x47\x0d\x00\x0b`,
  "gs",
);

/** The same module, such loops unrolled. */
export function unroll(bytes) {
  return withCode(bytes, (body) =>
    Buffer.from(
      body.toString("latin1").replaceAll(loops, (_, turn, end, step, place) => {
        const turns = Array.from({ length: TURNS }, () => turn).join(`${step}\x21${place}`);
        return `\x03\x40${turns}${end}${step}\x22${place}\x47\x0d\x00\x0b`;
      }),
      "latin1",
    ),
  );
}

/** The module with every function's body as `change` makes it. */
function withCode(bytes, change) {
  const parts = [bytes.subarray(0, 8)];
  for (let at = 8; at < bytes.length;) {
    const id = bytes[at];
    const [size, from] = readNumber(bytes, at + 1);
    const end = from + size;
    const section = bytes.subarray(from, end);
    parts.push(Buffer.of(id), sized(id === CODE ? bodies(section, change) : section));
    at = end;
  }
  return Buffer.concat(parts);
}

const CODE = 10;

function bodies(section, change) {
  const [count, first] = readNumber(section, 0);
  const parts = [writeNumber(count)];
  for (let at = first; at < section.length;) {
    const [size, from] = readNumber(section, at);
    at = from + size;
    parts.push(sized(change(section.subarray(from, at))));
  }
  return Buffer.concat(parts);
}

const sized = (bytes) => Buffer.concat([writeNumber(bytes.length), bytes]);

/** An unsigned LEB128 number, and where it ends. */
function readNumber(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return [value, at];
  }
}

function writeNumber(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return Buffer.from([...bytes, value]);
}
