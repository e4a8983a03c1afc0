import { defineCommand } from "citty";
import type { ArgsDef, CommandDef } from "citty";

/** Defines a command; the types of its options stay inside it. */
export function command<const Args extends ArgsDef>(definition: CommandDef<Args>): CommandDef {
  return defineCommand(definition) as unknown as CommandDef;
}
