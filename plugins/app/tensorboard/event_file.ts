import type { Json, JsonObject } from "../../../core/component.ts";
import { appendWhole } from "../../../core/host/storage/append.ts";
import { storageErrorOf } from "../../../core/host/storage/storage_error.ts";
import { writeAll, writeFileAtomically } from "../../../core/host/storage/atomic_file.ts";
import { frame, readFrames, scalarEvent, stepOfEvent, versionEvent } from "./event_records.ts";

/** Scalars in a file that TensorBoard shows. */
export interface EventFile {
  /**
   * Adds the numbers of a record at its step: each under its name, those of an objective under the
   * objective's (`clic/loss`, `clic/terms/uniformity`). What is no number is passed over.
   *
   * @throws {StorageError} if the disk is full.
   */
  append(record: JsonObject & { readonly step: number }): Promise<void>;
  /**
   * Leaves only the events up to a step, without a last one that was cut short. The file is replaced
   * at once, or not at all.
   */
  truncate(step: number): Promise<void>;
}

/** The name of a run's event file; TensorBoard looks for `tfevents` in it. */
export const EVENT_FILE = "events.out.tfevents.0.syntagma";

/**
 * The event file at a path, made when the first record comes.
 *
 * @param now Seconds since 1970, by which TensorBoard can show a run over time. Default: the clock.
 *
 * @example
 * ```ts
 * import { EVENT_FILE, openEventFile } from "./event_file.ts";
 *
 * const events = openEventFile(`${await Deno.makeTempDir()}/${EVENT_FILE}`);
 * await events.append({ step: 1, objective: "clic", loss: 0.7 });
 * await events.truncate(0);
 * ```
 */
export function openEventFile(
  path: string,
  now: () => number = () => Date.now() / 1000,
): EventFile {
  return {
    append: async (record) => {
      const scalars = scalarsOf(record);
      if (scalars.length === 0) return;
      const event = frame(scalarEvent({ wallTime: now(), step: record.step, scalars }));
      using file = await Deno.open(path, { append: true, create: true }).catch((error) => {
        throw storageErrorOf(path, error);
      });
      const isNew = (await file.stat()).size === 0;
      if (isNew) appendWhole(file, path, frame(versionEvent(now())));
      appendWhole(file, path, event);
    },
    truncate: async (step) => {
      const bytes = await Deno.readFile(path).catch((error) => {
        if (error instanceof Deno.errors.NotFound) return undefined;
        throw error;
      });
      if (bytes === undefined) return;
      const kept = readFrames(bytes).filter((event) => stepOfEvent(event) <= step);
      await writeFileAtomically(path, async (file) => {
        for (const event of kept) await writeAll(file, frame(event));
      });
    },
  };
}

function scalarsOf({ step: _, ...values }: JsonObject): (readonly [string, number])[] {
  const prefix = typeof values.objective === "string" ? `${values.objective}/` : "";
  const found: (readonly [string, number])[] = [];
  const visit = (name: string, value: Json) => {
    if (typeof value === "number") found.push([name, value]);
    else if (isObject(value)) {
      for (const [key, inner] of Object.entries(value)) visit(`${name}/${key}`, inner);
    }
  };
  for (const [name, value] of Object.entries(values)) visit(prefix + name, value);
  return found;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
