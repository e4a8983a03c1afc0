import { exactAnswers, readDigits } from "@ganglion/models";
import type { Model, Problems } from "@ganglion/models";
import type { Tensor } from "@ganglion/tensor";

/** Share of the sums of which a state shows all digits. */
export function rightShare(model: Model, state: Tensor, problems: Problems): number {
  const [n, cells] = problems.a.shape as [number, number];
  const answers = exactAnswers(problems).data;
  const digits = readDigits(model, state).data;
  let right = 0;
  for (let first = 0; first < answers.length; first += cells) {
    let agree = true;
    for (let i = first; i < first + cells; i++) agree &&= digits[i] === answers[i];
    if (agree) right++;
  }
  return right / n;
}
