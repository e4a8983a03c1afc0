import { expandDims, gather, logSoftmax, mean, neg, ShapeError, square, sub } from "@ganglion/tensor";
import type { Tensor } from "@ganglion/tensor";

/**
 * Mean negative log-probability of the right classes: `-mean(log softmax(logits)[target])`.
 *
 * @param logits `[..., classes]`
 * @param targets int32 `[...]`, each in [0, classes)
 * @returns scalar, from 0; `log(classes)` for equal logits
 * @throws ShapeError when `targets` has not the shape of `logits` without its last axis
 */
export function crossEntropy(logits: Tensor, targets: Tensor): Tensor {
  checkShapes("crossEntropy", "targets", logits.shape.slice(0, -1), targets.shape);
  return neg(mean(gather(logSoftmax(logits), expandDims(targets, -1), -1)));
}

/**
 * Mean of squared differences.
 *
 * @param predictions `[...]`
 * @param targets `[...]`, the same shape; nothing is broadcast
 * @returns scalar, from 0
 * @throws ShapeError when shapes differ
 */
export function meanSquaredError(predictions: Tensor, targets: Tensor): Tensor {
  checkShapes("meanSquaredError", "targets", predictions.shape, targets.shape);
  return mean(square(sub(predictions, targets)));
}

function checkShapes(operation: string, name: string, expected: readonly number[], actual: readonly number[]): void {
  if (expected.length === actual.length && expected.every((length, axis) => length === actual[axis])) return;
  const shapes = [expected, actual];
  throw new ShapeError(
    operation,
    `expected ${name} of [${expected.join(", ")}], received [${actual.join(", ")}]`,
    shapes,
  );
}
