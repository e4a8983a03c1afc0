import { arch, cpus, platform, release, totalmem } from "node:os";
import type { Json } from "./checkpoint.ts";

/** The machine and the time at which a run was opened, for env.json; nothing in it decides a result. */
export function environment(step: number): { readonly [name: string]: Json } {
  const processors = cpus();
  return {
    opened: new Date().toISOString(),
    step,
    node: process.versions.node,
    v8: process.versions.v8,
    platform: `${platform()} ${release()} ${arch()}`,
    processor: processors[0]?.model ?? "unknown",
    cores: processors.length,
    memory: totalmem(),
  };
}
