import { parquetWriteBuffer } from "hyparquet-writer";
import sample from "../tests/data/captions_sample.json" with { type: "json" };
import type { Context } from "../core/context.ts";
import { createPicturePool } from "../core/host/images/pool.ts";
import { createRandom } from "../core/random.ts";
import { captions as captionsAt } from "../plugins/captions/captions.ts";
import { splitDescription } from "../plugins/clic/split_description.ts";

/**
 * Descriptions and tables of captions: `deno bench -A bench/captions_bench.ts`. The Parquet file is
 * written for the occasion: 100,000 rows of an address and a description of about 400 characters,
 * and one of pictures inside the file, in row groups of 1,000.
 */

const ROWS = 100_000;
const random = createRandom(0, "captions bench");
const captions = sample.captions.flat();
const descriptions = Array.from({ length: ROWS }, () => {
  const sentences = Array.from({ length: 7 }, () => random.pick(captions));
  return `This image displays ${sentences.join(" ")}`;
});
const folder = await Deno.makeTempDir();
const write = async (name: string, columns: Parameters<typeof parquetWriteBuffer>[0]) =>
  await Deno.writeFile(`${folder}/${name}`, new Uint8Array(parquetWriteBuffer(columns)));
await write("paths.parquet", {
  columnData: [
    { name: "image", data: descriptions.map((_, i) => `${i}.jpg`), type: "STRING" },
    { name: "caption", data: descriptions, type: "STRING" },
  ],
  rowGroupSize: 10_000,
});
const photo = await Deno.readFile(
  new URL("../tests/data/photos/000000161044.jpg", import.meta.url),
);
const PICTURES = 2000;
for (const offsetIndex of [true, false]) {
  await write(`pictures_${offsetIndex}.parquet`, {
    columnData: [
      { name: "image", data: Array(PICTURES).fill(photo), type: "BYTE_ARRAY", offsetIndex },
      { name: "caption", data: descriptions.slice(0, PICTURES), type: "STRING" },
    ],
    rowGroupSize: 1000,
  });
}
const file = (address: string) => Promise.resolve(address);
const context: Context = {
  assets: { file, optionalFile: file },
  images: createPicturePool({ workers: 0 }),
  log: () => {},
};
const open = (name: string, split: "none" | "released" = "none") =>
  captionsAt({ path: `${folder}/${name}`, split }).open(context);
const table = await open("paths.parquet");
const indexed = await open("pictures_true.parquet");
const grouped = await open("pictures_false.parquet");
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

for (const preset of ["released", "strict"] as const) {
  Deno.bench(`splitDescription: 1,000 descriptions, ${preset}`, () => {
    for (const description of descriptions.slice(0, 1000)) {
      splitDescription(description, { preset });
    }
  });
}
Deno.bench("captions: opening 100,000 rows", { n: 3, warmup: 0 }, async () => {
  await open("paths.parquet");
});
Deno.bench("captions: 1,000 records at random", () => {
  for (let i = 0; i < 1000; i++) table.record(random.integer(ROWS));
});
Deno.bench("captions: a picture at random, by an index of pages", async () => {
  await indexed.pixels(random.integer(PICTURES), { kind: "square", size: 224 });
});
Deno.bench("captions: a picture at random, by row groups", async () => {
  await grouped.pixels(random.integer(PICTURES), { kind: "square", size: 224 });
});
