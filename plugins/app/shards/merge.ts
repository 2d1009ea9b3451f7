import type { PluginSet } from "../../../core/join_plugins.ts";
import { nameParts } from "./name_parts.ts";
import type { PartRecord } from "./part_folder.ts";
import { partStates } from "./part_states.ts";

/**
 * Joins the outputs of parts, all of them done and of the same settings, into what one undivided run
 * would have left. It can be called again where it was interrupted, and where it was done.
 *
 * The module of a command that can be parted exports such a function as `merge`, beside its default.
 *
 * @param out Where the whole goes.
 * @returns what it came to, for people.
 */
export type MergeParts = (parts: readonly PartRecord[], out: string) => Promise<string>;

/**
 * Joins the parts of an output.
 *
 * @returns what it came to, for people.
 * @throws {RangeError} if a part is not done, naming it, or the parts are of several works.
 */
export async function mergeParts(out: string, commands: PluginSet["commands"]): Promise<string> {
  const { command, states, records } = await partStates(out);
  const lacking = states.filter(({ state }) => state !== "done");
  if (lacking.length > 0) {
    const found = (["running", "dead", "missing"] as const)
      .map((state) => nameParts(lacking, state)).filter((text) => text !== "").join(", ");
    throw new RangeError(
      `${out}: expected all ${states.length} parts to be done, found that ${found}`,
    );
  }
  const module = await commands[command]?.load() as { readonly merge?: MergeParts } | undefined;
  if (module?.merge === undefined) {
    throw new RangeError(
      `${out}: expected parts of a command that can be joined, found those of "${command}"`,
    );
  }
  return await module.merge(records, out);
}
