import { ConfigError } from "@ganglion/tensor";

/** Refuses a setting that `valid` does not accept, and says what was expected. */
export function checkSetting(operation: string, expected: string, value: number, valid: boolean): void {
  if (!valid) throw new ConfigError(operation, `expected ${expected}, received ${value}`);
}

/** Refuses a learning rate that is not a finite number from 0; schedules are taken as they are. */
export function checkRate(operation: string, learningRate: unknown): void {
  if (typeof learningRate !== "number") return;
  checkSetting(operation, "learningRate from 0", learningRate, learningRate >= 0 && learningRate < Infinity);
}

/** Refuses a share of the past that is not in [0, 1). */
export function checkShare(operation: string, name: string, value: number): void {
  checkSetting(operation, `${name} in [0, 1)`, value, value >= 0 && value < 1);
}
