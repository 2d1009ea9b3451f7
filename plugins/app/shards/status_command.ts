/**
 * The command `status`.
 *
 * @module
 */
import type { DefineCommand } from "../cli/command.ts";
import { writeText } from "../terminal/text_stream.ts";
import { arrayOf, nameParts } from "./name_parts.ts";
import { type PartStates, partStates } from "./part_states.ts";

/** Tells how the parts stand that `--shard` leaves; exit code 0 if all are done, else 1. */
const defineStatus: DefineCommand = (command, { world, done }) => {
  command
    .argument("<out>", "what the parts are of: the output that was given to the command")
    .option("--json", "print every part as JSON")
    .option("--trace", "show the stack of an error")
    .action(async (out, { json }) => {
      const found = await partStates(out);
      const text = json
        ? JSON.stringify({ command: found.command, parts: found.states }, null, 2)
        : describe(found);
      writeText(world.stdout, `${text}\n`);
      done(found.states.every(({ state }) => state === "done") ? 0 : 1);
    });
};

export default defineStatus;

function describe({ command, states }: PartStates): string {
  const count = (wanted: string) => states.filter(({ state }) => state === wanted).length;
  const counts = (["done", "running", "dead", "missing"] as const)
    .map((state) => `${count(state)} ${state}`).join(", ");
  const again = states.filter(({ state }) => state === "dead" || state === "missing");
  const missing = nameParts(states, "missing");
  return [
    `${states.length} parts of ${command}: ${counts}`,
    ...states.filter(({ state }) => state === "running" || state === "dead")
      .map(({ number, state, who }) =>
        `  part ${number} is ${state}${who === undefined ? "" : ` (${who})`}`
      ),
    ...again.length === 0 ? [] : [
      ...missing === "" ? [] : [`  part ${missing}`],
      `  to run again: --array=${arrayOf(again)} with --shard auto/${states.length}`,
    ],
  ].join("\n");
}
