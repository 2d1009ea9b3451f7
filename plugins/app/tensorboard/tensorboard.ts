import type { Hooks } from "../../../core/hooks.ts";
import { EVENT_FILE, type EventFile, openEventFile } from "./event_file.ts";

/** A hook that writes the numbers of every step to the run folder's file for TensorBoard. */
export function tensorboard(): Hooks {
  let events: EventFile | undefined;
  return {
    name: "tensorboard",
    onStart: async ({ folder, from }) => {
      events = openEventFile(`${folder}/${EVENT_FILE}`);
      await events.truncate(from);
    },
    onStep: async ({ total: _, ...record }) => await events?.append(record),
  };
}
