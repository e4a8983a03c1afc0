import type { Arithmetic } from "@ganglion/models";
import { UsageError } from "./errors.ts";

/** The option `--fast`. */
export const fastOption = {
  type: "boolean",
  description:
    "Relaxed SIMD in float32: up to a tenth faster, but bits may differ between machines: a sum of k products by (k + 1) * 2^-23 of its size",
} as const;

/**
 * Turns relaxed SIMD on where `--fast` asks for it; an engine that lacks it says so on the console and goes on without.
 *
 * @param work what it would speed up: float32 in the fast kernels, nothing in integers or with `--exact`
 * @throws UsageError when it would change nothing
 */
export async function useFast(
  command: string,
  asked: boolean | undefined,
  work: { readonly model: string; readonly arithmetic: Arithmetic; readonly exact?: boolean | undefined },
): Promise<void> {
  if (asked !== true) return;
  if (work.exact === true) throw new UsageError(`${command}: expected --exact or --fast, received both`);
  if (work.arithmetic === "int8") {
    throw new UsageError(
      `${command}: expected --fast with weights in float32 only: ${work.model} computes in integers, which it does not change. Leave it out, or name a file by --weights?`,
    );
  }
  const { fast } = await import("@ganglion/tensor/fast");
  fast(true);
}
