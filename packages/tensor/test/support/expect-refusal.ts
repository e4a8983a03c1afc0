import { expect } from "vitest";

/** Expects an error of this class with exactly this message, `operation: problem`, and a field that names the operation. */
export function expectRefusal(run: () => unknown, name: string, message: string): void {
  let error: unknown;
  try {
    run();
  } catch (caught) {
    error = caught;
  }
  expect(error, `no error: ${message}`).toBeInstanceOf(Error);
  const { name: kind, message: text, operation } = error as Error & { operation?: string };
  expect({ kind, text, operation }).toEqual({ kind: name, text: message, operation: message.split(":")[0] });
}
