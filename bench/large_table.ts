/**
 * A table of very many rows: how long it takes to open for the first and the second time, how much
 * memory the process has at most, how soon the first batch is there, and how many random captions a
 * second can be read.
 *
 * `deno run -A bench/large_table.ts [--rows 10000000] [--forms csv,tsv,jsonl,parquet] [--folder …]`
 *
 * The tables are written for the occasion, with a picture a row. A picture's name is another one in
 * each row, and yet leads to one of a few photos: `.//` and `./` stand for the digits of its number.
 * Opening is measured in a process of its own, so that its memory is that of opening alone.
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { ParquetWriter } from "hyparquet-writer";
import { fileWriter } from "hyparquet-writer/src/node.js";
import sample from "../tests/data/captions_sample.json" with { type: "json" };
import { createAssets } from "../core/host/assets/create_assets.ts";
import { createPicturePool } from "../core/host/images/pool.ts";
import { createRandom } from "../core/random.ts";
import { createExampleOrder } from "../core/training/loop/cursor.ts";
import { captions } from "../plugins/captions/captions.ts";
import { peakMemory } from "../tests/helpers/peak_memory.ts";

/** What one opening came to. */
interface Opening {
  readonly seconds: number;
  /** Seconds of a processor: on a machine that does other things as well they tell more. */
  readonly processor: number;
  /** The most memory that the process had until then, in MB, and what it had before. */
  readonly memory: number;
  readonly before: number;
  /** Seconds from the end of opening to the order of an epoch and the captions of 96 examples. */
  readonly firstBatch: number;
  /** Seconds of a processor for it. */
  readonly firstBatchProcessor: number;
  /** Seconds until their pictures are decoded, by workers that start for it. */
  readonly pictures: number;
  /** Random captions read in a second. */
  readonly captions: number;
  /** The most memory in the end, in MB. */
  readonly after: number;
}

/** Rows of a group of Parquet: as many as pyarrow writes. */
const GROUP = 1 << 20;

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "10000000" },
    forms: { type: "string", default: "csv,tsv,jsonl,parquet" },
    folder: { type: "string" },
    examples: { type: "string", default: "pictures" },
    open: { type: "string" },
    cache: { type: "string" },
  },
});
if (values.open !== undefined) {
  console.log(JSON.stringify(await open(values.open, values.cache!)));
} else await measure(values.forms.split(","), Number(values.rows));

async function measure(forms: readonly string[], rows: number): Promise<void> {
  const folder = await Deno.makeTempDir({
    ...(values.folder === undefined ? {} : { dir: values.folder }),
    prefix: "syntagma-large-",
  });
  try {
    const photos = new URL("../tests/data/photos/", import.meta.url);
    const names: string[] = [];
    for await (const { name } of Deno.readDir(photos)) {
      if (!name.endsWith(".jpg")) continue;
      names.push(name);
      await Deno.copyFile(new URL(name, photos), `${folder}/${name}`);
    }
    for (const form of forms) {
      const path = `${folder}/rows.${form}`;
      await write(path, form, rows, names.sort());
      const { size } = await Deno.stat(path);
      console.log(`${form}: ${rows} rows, ${(size / 1e9).toFixed(2)} GB`);
      for (const time of ["first", "second"]) {
        console.log(`  ${time}: ${JSON.stringify(await openApart(path, `${folder}/cache`))}`);
      }
      await Deno.remove(path);
      // A small table leaves none.
      await Deno.remove(`${folder}/cache`, { recursive: true }).catch(() => {});
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function openApart(path: string, cache: string): Promise<Opening> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      ...[import.meta.filename!, "--open", path, "--cache", cache],
      ...["--examples", values.examples],
    ],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`${path}: opening it failed`);
  return JSON.parse(new TextDecoder().decode(stdout)) as Opening;
}

async function open(path: string, cache: string): Promise<Opening> {
  using images = createPicturePool();
  const log = (line: string) => console.error(`    ${line}`);
  const before = most();
  const begun = processor();
  const start = performance.now();
  const data = await captions({
    path,
    examples: values.examples === "captions" ? "captions" : "pictures",
  }).open({ assets: createAssets({ cache, offline: true }), images, log });
  const opened = performance.now();
  const memory = most();
  const openedAt = processor();
  const order = createExampleOrder(data, 0, { epoch: 0, position: 0 });
  order.begin();
  const { indices } = order.take(96);
  for (const index of indices) {
    if (data.record(index).captions[0] === undefined) throw new Error("no caption");
  }
  const batch = performance.now();
  const batchAt = processor();
  await Promise.all(indices.map((index) => data.pixels(index, { kind: "square", size: 224 })));
  const ready = performance.now();
  const random = createRandom(0, "large table");
  const READ = 50_000;
  for (let i = 0; i < READ; i++) data.record(random.integer(data.length));
  const read = performance.now();
  return {
    seconds: round(opened - start),
    processor: round(openedAt - begun),
    before,
    memory,
    firstBatch: round(batch - opened),
    firstBatchProcessor: round(batchAt - openedAt),
    pictures: round(ready - batch),
    captions: Math.round(READ / (read - ready) * 1000),
    after: most(),
  };
}

/** Milliseconds that processors have spent on this process. */
function processor(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function round(milliseconds: number): number {
  return Math.round(milliseconds) / 1000;
}

/** The most memory that this process has had, in MB. */
function most(): number {
  return Math.round(peakMemory() / 1e6);
}

async function write(path: string, form: string, rows: number, photos: string[]): Promise<void> {
  const sentences = sample.captions.flat();
  const digits = Math.ceil(Math.log2(rows));
  const row = (i: number) => ({
    filepath: Array.from({ length: digits }, (_, bit) => (i >> bit) & 1 ? ".//" : "./").join("") +
      photos[i % photos.length]!,
    caption: `${sentences[i % sentences.length]!} ${i}`,
  });
  if (form === "parquet") return writeParquet(path, rows, row);
  using file = await Deno.open(path, { write: true, createNew: true });
  const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
  const between = form === "tsv" ? "\t" : ",";
  const encoder = new TextEncoder();
  let lines = form === "jsonl" ? [] : [`filepath${between}caption\n`];
  for (let i = 0; i <= rows; i++) {
    if (i === rows || lines.length === 10_000) {
      const bytes = encoder.encode(lines.join(""));
      for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
      lines = [];
    }
    if (i === rows) break;
    const { filepath, caption } = row(i);
    lines.push(
      form === "jsonl"
        ? `${JSON.stringify({ filepath, caption })}\n`
        : `${filepath}${between}${quoted(caption)}\n`,
    );
  }
}

function writeParquet(
  path: string,
  rows: number,
  row: (i: number) => { readonly filepath: string; readonly caption: string },
): void {
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema: [
      { name: "root", num_children: 2 },
      ...["filepath", "caption"].map((name) => ({
        name,
        type: "BYTE_ARRAY" as const,
        converted_type: "UTF8" as const,
        repetition_type: "REQUIRED" as const,
      })),
    ],
  });
  for (let start = 0; start < rows; start += GROUP) {
    const some = Array.from({ length: Math.min(GROUP, rows - start) }, (_, i) => row(start + i));
    writer.write({
      columnData: [
        { name: "filepath", data: some.map(({ filepath }) => filepath), type: "STRING" },
        { name: "caption", data: some.map(({ caption }) => caption), type: "STRING" },
      ],
      rowGroupSize: GROUP,
    });
  }
  writer.finish();
}
