/**
 * What a command leaves, in a form in which two undisturbed calls leave the same.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { joinPlugins } from "../../core/join_plugins.ts";
import { plugins } from "../../plugins/index.ts";
import { writeReport } from "../../plugins/app/report/write_report.ts";
import { readFrames, stepOfEvent } from "../../plugins/app/tensorboard/event_records.ts";
import { filesIn } from "./files.ts";

/** Numbers of a step that are times. */
const TIMES = ["seconds", "waitSeconds", "deviceSeconds", "samplesPerSecond"];

/** When a run was started, and completed. */
const DATES = /^ {2}"(started|completed)": .*$/m;

/**
 * All files of a folder: short texts as they are, what is longer by its SHA-256; a run's lines
 * without their times, its events by their steps.
 *
 * @param label What the folder is called, since run folders have the time in their names; nothing
 *   for one whose paths tell enough.
 * @param skip Files that are looked at otherwise.
 */
export async function folderResults(
  folder: string,
  label: string,
  skip: RegExp = /^$/,
): Promise<Map<string, string>> {
  const results = new Map<string, string>();
  for (const path of await filesIn(folder)) {
    if (skip.test(path)) continue;
    results.set(label === "" ? path : `${label}/${path}`, await contentOf(`${folder}/${path}`));
  }
  return results;
}

async function contentOf(path: string): Promise<string> {
  const bytes = await Deno.readFile(path);
  if (path.endsWith("/metrics.jsonl")) {
    return textOf(bytes).split("\n").map(withoutTimes).join("\n");
  }
  if (/\.tfevents\./.test(path)) return readFrames(bytes).map(stepOfEvent).join(" ");
  if (/\/(manifest|completed)\.json$/.test(path)) return textOf(bytes).replace(DATES, "");
  if (path.endsWith(".embeddings")) return recordsOf(bytes);
  return bytes.length < 2000 ? textOf(bytes) : sha256(bytes);
}

function withoutTimes(line: string): string {
  if (line === "") return line;
  const record = JSON.parse(line);
  for (const time of TIMES) delete record[time];
  return JSON.stringify(record);
}

/** Whole records of a file of embeddings, in no order: which came first is of no account. */
function recordsOf(bytes: Uint8Array<ArrayBuffer>): string {
  // A header of 32 bytes that ends in the length of a row; a record is a key, a row, a checksum.
  const dim = new DataView(bytes.buffer).getUint32(28, true);
  const size = 32 + 4 * dim + 4;
  const count = (bytes.length - 32) / size;
  const records = Array.from(
    { length: Math.ceil(count) },
    (_, i) => bytes.subarray(32 + i * size, 32 + (i + 1) * size).toHex(),
  );
  return `${count} records, ${sha256(records.sort().join("\n"))}`;
}

/**
 * A report by what it says beside one that is made of the same folder now: a report of an earlier
 * state, or half of one, is another.
 */
export async function reportResult(run: string, scratch: string): Promise<string> {
  const found = await Deno.readFile(`${run}/report.html`).catch(() => new Uint8Array());
  const { picture } = joinPlugins(plugins);
  const again = await Deno.readFile(await writeReport(run, { out: scratch, picture }));
  return sha256(found) === sha256(again) ? "as made again" : `${found.length} bytes, another`;
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** The things in which two results differ, each with what was expected and found. */
export function differences(
  expected: ReadonlyMap<string, string>,
  found: ReadonlyMap<string, string>,
): string[] {
  const names = new Set([...expected.keys(), ...found.keys()]);
  return [...names].filter((name) => expected.get(name) !== found.get(name)).map((name) =>
    `${name}: expected ${short(expected.get(name))}, found ${short(found.get(name))}`
  );
}

function short(text = "nothing"): string {
  return text.length < 400 ? text : `${text.slice(0, 400)} …`;
}
