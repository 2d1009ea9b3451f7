import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { checkContent } from "../../../core/check_content.ts";
import type { Json, JsonObject } from "../../../core/component.ts";
import { writeFileAtomically } from "../../../core/host/storage/atomic_file.ts";
import { lockFolder } from "../../../core/host/storage/folder_lock.ts";
import { readJson } from "../../../core/host/storage/read_json.ts";
import { formatShard, type Shard } from "../../../core/shard.ts";

/** What is parted: a command and what decides on its result. */
export interface PartedWork {
  /** The command's name: `merge` asks its module how parts are joined. */
  readonly command: string;
  /** What has to be the same in all parts. */
  readonly settings: JsonObject;
}

/** A part that is being worked on. */
export interface OpenPart extends AsyncDisposable {
  /** Where this part's output goes: a file or folder that is called as the whole. */
  readonly output: string;
  /** Whether it was done before. */
  readonly done: boolean;
  /** Notes that it is done. */
  finish(): Promise<void>;
}

/** A part's folder, as it stands. */
export interface PartRecord extends PartedWork {
  readonly shard: Shard;
  readonly folder: string;
  readonly output: string;
  /** When it was done; `undefined` if it is not. */
  readonly finished: string | undefined;
}

/** The folder that holds the parts of an output, beside it. */
export function partsFolder(out: string): string {
  return `${out.replace(/[/\\]+$/, "")}.parts`;
}

const SETTINGS = "settings.json";
const DONE = "done.json";
/** Tells who is at work, and by its time that they still are. */
export const ALIVE = "alive.json";

/** How often a process says that it is at work, in milliseconds. */
const SAY_EVERY = 15_000;

/**
 * Begins a part of a work, or goes on with it: `<out>.parts/2-of-8/` belongs to it alone and holds its
 * output, its settings and, in the end, `done.json`.
 *
 * @throws {RangeError} if another process works on the same part, or other parts were begun with other
 *   settings, or in another number.
 */
export async function openPart(out: string, shard: Shard, work: PartedWork): Promise<OpenPart> {
  const name = `${shard.number}-of-${shard.count}`;
  const folder = join(partsFolder(out), name);
  await Deno.mkdir(folder, { recursive: true });
  const lock = await lockFolder(folder);
  if (lock === undefined) {
    throw new RangeError(
      `${folder}: expected part ${
        formatShard(shard)
      } for itself, found that another process works ` +
        "on it",
    );
  }
  try {
    checkSame(await readParts(out), { shard, ...work });
    await writeFileAtomically(
      join(folder, SETTINGS),
      `${JSON.stringify({ command: work.command, settings: work.settings }, null, 2)}\n`,
    );
    const alive = join(folder, ALIVE);
    await Deno.writeTextFile(alive, `${JSON.stringify(whoIsHere())}\n`);
    const timer = setInterval(() => {
      const now = new Date();
      Deno.utime(alive, now, now).catch(() => {});
    }, SAY_EVERY);
    Deno.unrefTimer(timer);
    return {
      output: join(folder, basename(out)),
      done: await isThere(join(folder, DONE)),
      finish: async () =>
        await writeFileAtomically(
          join(folder, DONE),
          `${JSON.stringify({ finished: new Date().toISOString() })}\n`,
        ),
      [Symbol.asyncDispose]: async () => {
        clearInterval(timer);
        await Deno.remove(alive).catch(() => {});
        lock[Symbol.dispose]();
      },
    };
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
}

/** Whoever works here, for people. */
function whoIsHere(): JsonObject {
  const job = [["SLURM_ARRAY_JOB_ID", "SLURM_ARRAY_TASK_ID"], ["SLURM_JOB_ID"], ["JOB_ID"]]
    .map((names) => names.map((name) => Deno.env.get(name)))
    .find((ids) => ids.every((id) => id !== undefined));
  return {
    host: Deno.hostname(),
    process: Deno.pid,
    ...(job === undefined ? {} : { job: job.join("_") }),
  };
}

/**
 * The parts of an output that were begun, by number.
 *
 * @throws {SyntaxError} if a part's settings are not what was written.
 */
export async function readParts(out: string): Promise<readonly PartRecord[]> {
  const parts: PartRecord[] = [];
  try {
    for await (const { name } of Deno.readDir(partsFolder(out))) {
      const [, number, count] = /^(\d+)-of-(\d+)$/.exec(name) ?? [];
      if (number === undefined) continue;
      const folder = join(partsFolder(out), name);
      const settings = await readIfThere(join(folder, SETTINGS), settingsSchema);
      if (settings === undefined) continue;
      const done = await readIfThere(join(folder, DONE), doneSchema);
      parts.push({
        ...settings as PartedWork,
        shard: { number: Number(number), count: Number(count) },
        folder,
        output: join(folder, basename(out)),
        finished: done?.finished,
      });
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return parts.sort((a, b) => a.shard.number - b.shard.number || a.shard.count - b.shard.count);
}

const settingsSchema = z.strictObject({
  command: z.string(),
  settings: z.record(z.string(), z.json()),
});
const doneSchema = z.strictObject({ finished: z.string() });

async function readIfThere<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    return checkContent(path, "a part's settings", schema, await readJson(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/**
 * Makes sure that parts are of one work.
 *
 * @throws {RangeError} naming what differs.
 */
export function checkSame(
  parts: readonly Pick<PartRecord, "shard" | "command" | "settings" | "folder">[],
  own: PartedWork & { readonly shard: Shard },
): void {
  for (const { shard, command, settings, folder } of parts) {
    const changes = [
      ...differences("parts", shard.count, own.shard.count),
      ...differences("command", command, own.command),
      ...[...new Set([...Object.keys(settings), ...Object.keys(own.settings)])]
        .flatMap((key) => differences(key, settings[key], own.settings[key])),
    ];
    if (changes.length === 0) continue;
    throw new RangeError(
      `${dirname(folder)}: expected part ${formatShard(own.shard)} as part ${formatShard(shard)} ` +
        `was begun, or another output:\n${changes.join("\n")}`,
    );
  }
}

function differences(name: string, before: Json | undefined, now: Json | undefined) {
  const [was, is] = [before, now].map((value) => JSON.stringify(value) ?? "nothing");
  return was === is ? [] : [`${name}: was ${was}, is ${is}`];
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
