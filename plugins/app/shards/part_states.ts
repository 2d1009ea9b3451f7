import { join } from "node:path";
import { isHeld } from "../../../core/host/storage/folder_lock.ts";
import { ALIVE, checkSame, type PartRecord, partsFolder, readParts } from "./part_folder.ts";

/** How a part stands. */
export interface PartState {
  /** Which one, from 1. */
  readonly number: number;
  /**
   * `"done"`; `"running"`: a process works on it; `"dead"`: it was begun, and nobody works on it;
   * `"missing"`: it was not begun.
   */
  readonly state: "done" | "running" | "dead" | "missing";
  /** Who works on it, or did: host, process, job. */
  readonly who: string | undefined;
}

/** All parts of an output. */
export interface PartStates {
  /** The command that makes them. */
  readonly command: string;
  /** Every part by number, those that were not begun included. */
  readonly states: readonly PartState[];
  /** Those that were begun. */
  readonly records: readonly PartRecord[];
}

/**
 * Milliseconds after which a process that has said nothing is dead, where locks do not tell: some
 * network file systems keep them to one machine, or have none.
 */
const SILENT = 120_000;

/**
 * How the parts of an output stand.
 *
 * @throws {RangeError} if there are none, or they are of several works: settings or numbers differ.
 */
export async function partStates(out: string): Promise<PartStates> {
  const records = await readParts(out);
  const [first] = records;
  if (first === undefined) {
    throw new RangeError(`${out}: expected parts in ${partsFolder(out)}, found none`);
  }
  for (const record of records.slice(1)) checkSame([first], record);
  const states: PartState[] = [];
  for (let number = 1; number <= first.shard.count; number++) {
    const record = records.find(({ shard }) => shard.number === number);
    states.push(
      record === undefined
        ? { number, state: "missing", who: undefined }
        : { number, ...await stateOf(record) },
    );
  }
  return { command: first.command, states, records };
}

async function stateOf(record: PartRecord): Promise<Omit<PartState, "number">> {
  const path = join(record.folder, ALIVE);
  const alive = await Deno.readTextFile(path).then((text) => JSON.parse(text), () => undefined);
  const who = alive === undefined ? undefined : Object.entries(alive as Record<string, unknown>)
    .map(([name, value]) => `${name} ${value}`).join(", ");
  if (record.finished !== undefined) return { state: "done", who };
  if (await isHeld(record.folder)) return { state: "running", who };
  const { mtime } = await Deno.stat(path).catch(() => ({ mtime: null }));
  const isHere = (alive as { host?: unknown } | undefined)?.host === Deno.hostname();
  const isSilent = Date.now() - (mtime?.getTime() ?? 0) > SILENT;
  return { state: isHere || isSilent ? "dead" : "running", who };
}
