import { connect4Definition, decodePlayer, tttDefinition } from "@ganglion/models";
import type { Player } from "@ganglion/models";
import { fileOf } from "./options.ts";
import type { GraphOptions } from "./options.ts";

/** The player of a game, or nothing when the task is none. */
export async function playerOf(task: string, options: GraphOptions): Promise<Player | undefined> {
  const definition = { ttt: tttDefinition, connect4: connect4Definition }[task];
  return definition === undefined ? undefined : decodePlayer(definition.untrained, await fileOf(task, options));
}
