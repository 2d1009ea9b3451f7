import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { packTar } from "modern-tar";
import sharp from "sharp";
import { createAssets } from "../../../core/host/assets/create_assets.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { parseJson } from "../../../core/parse_json.ts";
import { PictureError } from "../../../core/images/picture_error.ts";
import type { CaptionsOptions } from "../../../plugins/captions/caption_options.ts";
import { captions } from "../../../plugins/captions/captions.ts";
import { DownloadFolder } from "../../../plugins/captions/download_folder.ts";
import { pictureAddresses } from "../../../plugins/captions/picture_addresses.ts";
import { paxHeader } from "../../helpers/pax_header.ts";
import { join } from "../mutate_bytes.ts";
import { bytesOf, type FuzzCase, jsonOf, type Reading } from "../fuzz_case.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const golden = new URL("../../golden/", import.meta.url).pathname;
const context = {
  assets: createAssets({ cache: "/nonexistent", offline: true }),
  images: createPicturePool({ workers: 0 }),
  log: () => {},
};

/** Examples whose pictures are looked at. */
const LOOKED_AT = 4;

async function readCaptions(options: CaptionsOptions): Promise<Reading> {
  const data = await captions(options).open(context);
  let faults = data.faults.length;
  for (let index = 0; index < data.length; index++) data.record(index);
  for (let index = 0; index < Math.min(LOOKED_AT, data.length); index++) {
    try {
      await data.size(index);
      await data.pixels(index, { kind: "square", size: 8 });
    } catch (error) {
      // The caller of a data set counts them.
      if (!(error instanceof PictureError)) throw error;
      faults++;
    }
  }
  await data.fingerprint();
  return { faults };
}

const read = async (path: string) => await readCaptions({ path });

/** The address of a table's pictures too. */
async function readTable(path: string): Promise<Reading> {
  const reading = await read(path);
  await Array.fromAsync(pictureAddresses(path));
  return reading;
}

const rows = [
  ["filepath", "title"],
  ["a.jpg", "A lamp, lit, on a desk"],
  ["b.jpg", 'He said "hello" twice'],
  ["https://example.org/c.jpg", "naïve café 猫\nin two lines"],
  ["a.jpg", "The lamp again"],
];

function table(delimiter: string, end = "\n"): Bytes {
  const cell = (text: string) => /["\n,;|\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  return bytesOf(rows.map((row) => row.map(cell).join(delimiter) + end).join(""));
}

const coco = {
  info: { year: 2017 },
  images: [
    { id: 1, file_name: "a.jpg", width: 40, height: 30 },
    { id: "2", file_name: "b.jpg", width: 20, height: 30 },
  ],
  annotations: [
    { id: 10, image_id: 1, caption: "A lamp" },
    { id: 11, image_id: 2, caption: "A cat on a mat" },
    { id: 12, image_id: "1", caption: "A desk" },
  ],
};

const objects = [
  { image: "a.jpg", caption: "A lamp", meta: { url: "https://example.org/a" } },
  { image: "b.jpg", captions: ["A cat", "on a mat"], sentences: [{ raw: "a cat" }] },
];

/** Tables, JSON, Parquet, archives and folders of captions. */
export const captionFiles: readonly FuzzCase[] = [
  {
    name: "CSV",
    file: "train.csv",
    form: "text",
    valid: () => Promise.resolve([table(","), table(";"), table("|"), table(",", "\r\n")]),
    beside: pictureFiles,
    read: readTable,
  },
  {
    name: "TSV",
    file: "train.tsv",
    form: "text",
    valid: () => Promise.resolve([table("\t"), table("\t", "\r")]),
    beside: pictureFiles,
    read: readTable,
  },
  {
    name: "CSV in gzip",
    file: "train.csv.gz",
    form: "bytes",
    valid: () => Promise.resolve([new Uint8Array(gzipSync(table(",")))]),
    beside: pictureFiles,
    read: readTable,
  },
  {
    name: "COCO JSON",
    file: "captions.json",
    form: "json",
    valid: jsonOf(coco),
    beside: pictureFiles,
    read,
  },
  {
    name: "JSON list",
    file: "captions.json",
    form: "json",
    valid: jsonOf(objects, { data: objects }),
    beside: pictureFiles,
    read,
  },
  {
    name: "JSON lines",
    file: "captions.jsonl",
    form: "text",
    valid: () =>
      Promise.resolve([bytesOf(objects.map((each) => JSON.stringify(each) + "\n").join(""))]),
    beside: pictureFiles,
    read,
  },
  {
    name: "JSON lines in gzip",
    file: "captions.jsonl.gz",
    form: "bytes",
    valid: () =>
      Promise.resolve([
        new Uint8Array(
          gzipSync(bytesOf(objects.map((each) => JSON.stringify(each) + "\n").join(""))),
        ),
      ]),
    beside: pictureFiles,
    read,
  },
  {
    name: "Parquet",
    file: "train.parquet",
    form: "bytes",
    valid: parquetFiles,
    beside: pictureFiles,
    read: readTable,
  },
  {
    name: "Parquet with lists",
    file: "train.parquet",
    form: "bytes",
    valid: async () => [await Deno.readFile(`${golden}captions_pyarrow.parquet`)],
    read: async (path) =>
      await readCaptions({ path, columns: { image: "image", captions: ["main", "list"] } }),
  },
  {
    name: "webdataset",
    file: "00000.tar",
    form: "bytes",
    valid: tarFiles,
    seal: sealTar,
    read,
  },
  {
    name: "webdataset's JSON",
    file: "json",
    form: "json",
    valid: jsonOf({ caption: "A lamp", key: "a", width: 4 }, {
      top_caption: "A lamp",
      all_captions: ["x"],
    }),
    read: async (path) => {
      const bytes = await Deno.readFile(path);
      const tar = path.replace(/json$/, "json.tar");
      await Deno.writeFile(tar, await archive([["a.jpg", await dot()], ["a.json", bytes]]));
      return await read(tar);
    },
  },
  {
    name: "texts in a folder",
    file: "folder/a.txt",
    form: "text",
    valid: () => Promise.resolve([bytesOf("A lamp, lit.\n")]),
    beside: async () => ({
      "folder/a.jpg": await dot(),
      "folder/b.jpg": await dot(),
      "folder/b.txt": "A cat",
    }),
    read: async (path) => await read(path.replace(/\/a\.txt$/, "")),
  },
  {
    name: "downloads.jsonl",
    file: "images/downloads.jsonl",
    form: "text",
    valid: () =>
      Promise.resolve([
        bytesOf(
          `${
            JSON.stringify({ url: "https://example.org/a.jpg", file: "a.jpg", width: 4, height: 4 })
          }\n`,
        ),
      ]),
    beside: async () => ({
      "train.csv": "url,caption\nhttps://example.org/a.jpg,A lamp\nhttps://example.org/b.jpg,x\n",
      "images/a.jpg": await dot(),
    }),
    read: async (path) => {
      const images = path.replace(/\/downloads\.jsonl$/, "");
      const reading = await readCaptions({ path: images.replace(/images$/, "train.csv"), images });
      await using _ = await DownloadFolder.open(images);
      return reading;
    },
  },
  {
    name: "failures.jsonl",
    file: "images/failures.jsonl",
    form: "text",
    valid: () =>
      Promise.resolve([
        bytesOf(
          `${JSON.stringify({ url: "https://example.org/a", reason: "404", again: false })}\n`,
        ),
      ]),
    read: async (path) => {
      await using _ = await DownloadFolder.open(path.replace(/\/failures\.jsonl$/, ""));
      return { faults: 0 };
    },
  },
  {
    name: "options of captions",
    file: "options.json",
    named: "captions",
    form: "json",
    valid: jsonOf(
      {
        path: ["train.csv"],
        images: null,
        format: "table",
        columns: { image: "filepath", captions: ["title"] },
        delimiter: ",",
        header: true,
        examples: "captions",
        split: "released",
        limit: 3,
      },
      { path: "part-{00..01}.csv" },
      { path: "*.csv", columns: { image: 0, captions: [1] } },
    ),
    beside: async () => ({
      ...await pictureFiles(),
      "train.csv": table(","),
      "part-00.csv": table(","),
      "part-01.csv": table(","),
    }),
    read: async (path) => {
      // As the command line reads the value of a setting.
      const options = parseJson("captions", await Deno.readTextFile(path));
      if (typeof options !== "object" || options === null) return { faults: 0 };
      const folder = path.replace(/options\.json$/, "");
      const inFolder = (each: unknown) => typeof each === "string" ? folder + each : each;
      const paths = "path" in options ? options.path : undefined;
      const place = Array.isArray(paths) ? paths.map(inFolder) : inFolder(paths);
      return await readCaptions({ ...options, path: place } as CaptionsOptions);
    },
  },
];

async function pictureFiles() {
  const download = { url: "https://example.org/c.jpg", file: "a.jpg", width: 4, height: 4 };
  return {
    "a.jpg": await dot(),
    "b.jpg": await dot(),
    "downloads.jsonl": `${JSON.stringify(download)}\n`,
  };
}

/** A picture of 4 × 4 pixels. */
async function dot(): Promise<Bytes> {
  const background = { r: 200, g: 100, b: 0 };
  const image = sharp({ create: { width: 4, height: 4, channels: 3, background } });
  return new Uint8Array(await image.jpeg().toBuffer());
}

async function parquetFiles(): Promise<readonly Bytes[]> {
  const names = ["captions_structs_pyarrow", "laion_coco_pyarrow", "img2dataset"]
    .concat(["img2dataset_metadata"]);
  const theirs = await Promise.all(names.map((name) => Deno.readFile(`${golden}${name}.parquet`)));
  const bytes = await dot();
  const [image, title] = [0, 1].map((column) => rows.slice(1).map((row) => row[column]!));
  const ours = [
    [{ name: "image", data: image!, type: "STRING" as const }],
    [{ name: "image", data: image!.map(() => bytes), type: "BYTE_ARRAY" as const }],
  ].map((columns) =>
    new Uint8Array(parquetWriteBuffer({
      columnData: [...columns, { name: "caption", data: title!, type: "STRING" as const }],
      rowGroupSize: 2,
    }))
  );
  return [...theirs, ...ours];
}

async function tarFiles(): Promise<readonly Bytes[]> {
  const long = `${"folder/".repeat(30)}a`;
  return [
    await Deno.readFile(`${golden}img2dataset.tar`),
    await archive([
      ["a.jpg", await dot()],
      ["a.txt", bytesOf("A lamp")],
      ["b.jpg", await dot()],
      ["b.json", bytesOf('{"caption":"A cat"}')],
    ]),
    // A name that needs pax's longer form.
    await archive([[`${long}.jpg`, await dot()], [`${long}.txt`, bytesOf("A lamp")]]),
    join(
      paxHeader("size", String((await dot()).length)),
      await archive([["a.jpg", await dot()], ["a.txt", bytesOf("A lamp")]]),
    ),
  ];
}

async function archive(members: readonly (readonly [string, Bytes])[]): Promise<Bytes> {
  return await packTar(members.map(([name, body]) => ({
    header: {
      name,
      size: body.length,
      type: "file" as const,
    },
    body,
  })));
}

/** The sums of a tar archive's headers. */
function sealTar(bytes: Bytes): Bytes {
  const result = bytes.slice();
  for (let at = 0; at + 512 <= result.length; at += 512) {
    const header = result.subarray(at, at + 512);
    if (new TextDecoder("latin1").decode(header.subarray(257, 262)) !== "ustar") continue;
    header.fill(32, 148, 156);
    const sum = header.reduce((a, b) => a + b, 0);
    header.set(bytesOf(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
  }
  return result;
}
