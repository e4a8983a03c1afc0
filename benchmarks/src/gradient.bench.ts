// What does a gradient cost beside the function itself, and what does recording it cost?
import { compile, fromData, grad, matmul, mean, mul, square, sum, tanh, tensor } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";
import { contender, race } from "./measure/race.ts";
import type { Contender } from "./measure/race.ts";
import { answer, rowsOf } from "./measure/report.ts";
import type { Row } from "./measure/report.ts";
import { numbers } from "./work/numbers.ts";

/** Work with the least arithmetic, where the price of recording shows, and work where it should not. */
const works: Record<string, { f: (x: Tensor) => Tensor; x: Tensor; steps: number }> = {
  "100 products of scalars": {
    f: (x) => chain(x, 100),
    x: tensor(1.001),
    steps: 100,
  },
  "three layers of 64 x 64": {
    f: (x) => mean(square(tanh(matmul(tanh(matmul(tanh(matmul(x, x)), x)), x)))),
    x: fromData(numbers(64 * 64, 0.2, 31), [64, 64]),
    steps: 8,
  },
};

const rows: Row[] = [];
for (const [work, { f, x, steps }] of Object.entries(works)) {
  const derivative = (x: Tensor): Tensor => sum(grad(f)(x));
  const compiled = compile((x: Tensor) => f(x));
  const compiledDerivative = compile(derivative);
  const one = (name: string, run: (x: Tensor) => Tensor): Contender =>
    contender(name, () => {
      run(x);
      return 0;
    });
  const timings = await race([
    one("function, eager", f),
    one("gradient, eager", derivative),
    one("function, compiled", compiled),
    one("gradient, compiled", compiledDerivative),
  ]);
  rows.push(
    ...rowsOf(work, timings, { rate: (milliseconds) => `${((milliseconds * 1e6) / steps).toFixed(0)} ns/operation` }),
  );
}
answer("What does a gradient cost beside the function itself, and what does recording it cost?", rows);

function chain(x: Tensor, length: number): Tensor {
  let result = x;
  for (let step = 0; step < length; step++) result = mul(result, x);
  return result;
}
