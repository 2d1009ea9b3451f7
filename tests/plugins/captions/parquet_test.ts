import { expect } from "expect";
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import type { Context } from "../../../core/context.ts";
import type { DataSet, DataSource } from "../../../core/dataset.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { PictureError } from "../../../core/images/picture_error.ts";
import { captions } from "../../../plugins/captions/captions.ts";
import { downloadImages } from "../../../plugins/captions/download_images.ts";
import { mixedCaptions } from "../../../plugins/captions/mixed_captions.ts";
import { pictureAddresses } from "../../../plugins/captions/picture_addresses.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const photos = new URL("../../data/photos/", import.meta.url).pathname;
const photo = await Deno.readFile(`${photos}000000161044.jpg`);
const file = (address: string) => Promise.resolve(address);

function contextWith(): Context {
  const images = createPicturePool({ workers: 0 });
  return { assets: { file, optionalFile: file }, images, log: () => {} };
}

const open = (source: DataSource): Promise<DataSet> => source.open(contextWith());

async function write(
  path: string,
  columnData: ColumnSource[],
  options: { rowGroupSize?: number; pageSize?: number; codec?: "UNCOMPRESSED" } = {},
): Promise<void> {
  await Deno.writeFile(path, new Uint8Array(parquetWriteBuffer({ columnData, ...options })));
}

const text = (name: string, data: (string | null)[]): ColumnSource => ({
  name,
  data,
  type: "STRING",
});

function records(data: DataSet): string[][] {
  return Array.from({ length: data.length }, (_, i) => {
    const { id, captions } = data.record(i);
    return [id, ...captions];
  });
}

/** A folder into which pictures of these addresses have been downloaded. */
async function download(folder: string, addresses: string[]): Promise<void> {
  const fetch = () => Promise.resolve(new Response(photo));
  expect((await downloadImages({ addresses, folder, fetch })).downloaded).toBe(addresses.length);
}

Deno.test("captions: rows of several row groups and files, with paths of pictures", () =>
  withFolder(async (folder) => {
    for (const part of [0, 1]) {
      const rows = Array.from({ length: 5 }, (_, i) => 5 * part + i);
      await write(`${folder}/part-${part}.parquet`, [
        text("image", rows.map((i) => `${i}.jpg`)),
        text("first", rows.map((i) => `caption ${i} `)),
        { name: "score", data: rows },
        text("second", rows.map((i) => i % 2 === 0 ? null : `other ${i}`)),
      ], { rowGroupSize: 2 });
    }
    const expected = Array.from({ length: 10 }, (_, i) => [
      `${i}.jpg`,
      `caption ${i}`,
      ...(i % 2 === 0 ? [] : [`other ${i}`]),
    ]);
    const paths = [`${folder}/part-0.parquet`, `${folder}/part-1.parquet`];
    for (const path of [paths, `${folder}/part-*.parquet`, `${folder}/part-{0..1}.parquet`]) {
      // Names that say nothing: which of the texts are captions is not clear.
      await expect(open(captions({ path }))).rejects.toThrow(
        "expected to know which column has the captions, found image, first, score, second; name it " +
          'as in columns.captions=["caption"]',
      );
      const columns = { captions: ["first", "second"] };
      const data = await open(captions({ path, images: photos, columns }));
      expect(records(data)).toEqual(expected);
      expect(data.name).toBe("part-0.parquet and 1 more");
    }
    const named = { image: "image", captions: ["second"] };
    const data = await open(captions({ path: paths, columns: named, limit: 2 }));
    expect(records(data)).toEqual([["1.jpg", "other 1"], ["3.jpg", "other 3"]]);
    expect(data.faults.map(({ where, reason }) => [where.replace(/.*\//, ""), reason])).toEqual([
      ["part-0.parquet, row 1", "expected a caption, found none"],
      ["part-0.parquet, row 3", "expected a caption, found none"],
      // Only the next row that can be used says that there are more.
      ["part-0.parquet, row 5", "expected a caption, found none"],
    ]);
  }));

Deno.test("captions: pictures that are files are decoded, missing ones are PictureErrors", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.parquet`;
    await write(path, [text("image", ["000000161044.jpg", "no.jpg"]), text("caption", ["a", "b"])]);
    const data = await open(captions({ path, images: photos }));
    expect(await data.size(0)).toEqual({ width: 640, height: 229 });
    expect(await data.pixels(0)).toMatchObject({ width: 640, height: 229 });
    await expect(data.pixels(1)).rejects.toThrow(PictureError);
  }));

Deno.test("captions: pictures inside the file, with and without an index of pages", () =>
  withFolder(async (folder) => {
    const names = ["000000161044.jpg", "captions.csv"];
    const pictures = [
      ...await Promise.all(names.map((name) => Deno.readFile(photos + name))),
      null,
    ];
    for (const offsetIndex of [true, false]) {
      const path = `${folder}/${offsetIndex}.parquet`;
      await write(path, [
        { name: "image", data: [...pictures, photo], type: "BYTE_ARRAY", offsetIndex },
        text("caption", ["a", "b", "c", "d"]),
      ], { rowGroupSize: 3, pageSize: 1000 });
      const data = await open(captions({ path }));
      expect(data.record(3)).toEqual({ id: `${offsetIndex}.parquet, row 4`, captions: ["d"] });
      const whole = await createPicturePool({ workers: 0 }).decode(photo, { kind: "full" });
      // In any order, some at the same time.
      const decoded = await Promise.all([data.pixels(3), data.pixels(0), data.pixels(3)]);
      expect(decoded).toEqual([whole, whole, whole]);
      expect(await data.size(3)).toEqual({ width: 640, height: 229 });
      for (const bad of [1, 2]) {
        const error = await data.pixels(bad).catch((error) => error);
        expect(error).toBeInstanceOf(PictureError);
        expect(error.where).toBe(`${offsetIndex}.parquet, row ${bad + 1}`);
        await expect(data.size(bad)).rejects.toThrow(PictureError);
      }
    }
  }));

Deno.test("captions: Hugging Face's group of bytes and path, written by pyarrow with zstd", async () => {
  // See tests/golden/captions_pyarrow.md for how the file was made.
  const path = new URL("../../golden/captions_pyarrow.parquet", import.meta.url).pathname;
  const columns = { image: "image", captions: ["main", "list"] };
  const data = await open(captions({ path, columns }));
  expect(data.faults).toEqual([]);
  expect(records(data).map(([, ...captions]) => captions)).toEqual([
    ["Ein Hündchen.", "a", "b"],
    ["日本", "c"],
    ["no list"],
  ]);
  // The first pixels of the three pictures: red, green, blue.
  for (let i = 0; i < 3; i++) {
    const { width, height, data: pixels } = await data.pixels(i);
    expect([width, height, ...pixels.subarray(0, 3)])
      .toEqual([2 + i, 3, ...[0, 1, 2].map((channel) => channel === i ? 255 : 0)]);
  }
});

Deno.test("captions: a part that cannot be read is a fault, the rest can be used", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.parquet`;
    const columns = (from: number) => [
      text("image", [0, 1, 2].map((i) => `${from + i}.jpg`)),
      text("caption", [0, 1, 2].map((i) => `caption ${from + i}`)),
    ];
    const both = [0, 3].map(columns);
    await write(
      path,
      [0, 1].map((c) => ({
        ...both[0]![c]!,
        data: both.flatMap((part) => Array.from(part[c]!.data as string[])),
      })),
      { rowGroupSize: 3 },
    );
    const bytes = await Deno.readFile(path);
    // The first column of the first group begins behind the magic number "PAR1".
    bytes.fill(255, 4, 40);
    await Deno.writeFile(path, bytes);
    const data = await open(captions({ path }));
    expect(records(data)).toEqual([3, 4, 5].map((i) => [`${i}.jpg`, `caption ${i}`]));
    expect(data.faults.length).toBe(1);
    expect(data.faults[0]!.where).toBe(`${path}, rows 1 to 3`);
    expect(data.faults[0]!.reason).toContain("cannot be read");
  }));

Deno.test("captions: what is not Parquet, or lacks a column, is an error that names it", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.parquet`;
    await Deno.writeTextFile(path, "PAR1 and then no table of any kind");
    await expect(open(captions({ path }))).rejects.toThrow(SyntaxError);
    await expect(open(captions({ path }))).rejects.toThrow("a.parquet: expected a Parquet");
    await write(path, [text("url", ["a"]), text("caption", ["b"])]);
    const opening = open(captions({ path, columns: { captions: ["captoin"] } }));
    await expect(opening).rejects.toThrow(
      'a.parquet: expected a column "captoin", found url, caption; did you mean "caption"?',
    );
    await expect(open(captions({ path, columns: { image: 2 } }))).rejects
      .toThrow("expected a column 2, found 2 columns (url, caption)");
    await expect(open(captions({ path: `${folder}/b*.parquet` }))).rejects
      .toThrow("expected files of that name, found none");
    expect(() => captions({ path: [] })).toThrow(RangeError);
  }));

Deno.test("captions: addresses become the files that were downloaded", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.parquet`;
    const addresses = ["https://a.org/x.jpg", "https://b.org/x.jpg", "http://c.org/x.jpg"];
    await write(path, [text("url", addresses), text("caption", ["a", "b", "c"])]);
    const images = `${folder}/images`;
    const opening = open(captions({ path, images }));
    await expect(opening).rejects.toThrow(RangeError);
    await expect(opening).rejects.toThrow(`"download-images <table> ${images}" downloads them`);
    await download(images, [addresses[0]!, addresses[2]!]);
    const data = await open(captions({ path, images }));
    expect(records(data).map(([, caption]) => caption)).toEqual(["a", "c"]);
    expect(data.faults).toEqual([{
      where: `${path}, row 2`,
      reason: "expected a downloaded picture, found none of https://b.org/x.jpg",
    }]);
    expect(await data.size(1)).toEqual({ width: 640, height: 229 });
    expect((await data.pixels(0)).width).toBe(640);
    expect(await Array.fromAsync(pictureAddresses(path))).toEqual(addresses);
  }));

Deno.test("captions: PixelProse's sentences of two or more of vlm_caption, the picture of url", () =>
  withFolder(async (folder) => {
    const addresses = ["https://a.org/1", "https://a.org/2", "https://a.org/3"];
    const path = `${folder}/a.parquet`;
    await write(path, [
      text("uid", ["u1", "u2", "u3"]),
      text("url", addresses),
      text("status", ["success", "success", "success"]),
      text("vlm_caption", [
        " This image displays: A red bus on a bridge. It is raining very hard.",
        "This image displays a bus. It rains.",
        null,
      ]),
    ]);
    await download(folder, addresses);
    const released = await open(captions({ path, split: "released" }));
    expect(records(released).map(([, ...captions]) => captions)).toEqual([
      [": A red bus on a bridge", "It is raining very hard"],
    ]);
    expect(released.faults.map(({ reason }) => reason.replace(/.*, /, ""))).toEqual([
      "found 0",
      "found 0",
    ]);
    const strict = await open(captions({ path, split: "strict" }));
    expect(strict.record(0).captions).toEqual([
      "A red bus on a bridge",
      "It is raining very hard.",
    ]);
    expect(await Array.fromAsync(pictureAddresses(path, { limit: 2 }))).toEqual(
      addresses.slice(0, 2),
    );
  }));

Deno.test("captions: LAION-COCO's synthetic captions go before the web's, which can be mixed in", async () => {
  // See tests/golden/captions_pyarrow.md; 300 rows and then three with gaps.
  const path = new URL("../../golden/laion_coco_pyarrow.parquet", import.meta.url).pathname;
  await withFolder(async (folder) => {
    await download(folder, await Array.fromAsync(pictureAddresses(path)));
    const synthetic = captions({ path, images: folder });
    const web = synthetic.with({ columns: { captions: ["TEXT"] } });
    const textsOf = async (source: DataSource) => {
      const data = await open(source);
      return Array.from({ length: data.length }, (_, i) => data.record(i).captions.join("|"));
    };
    const replaced = await textsOf(synthetic);
    expect(replaced.slice(0, 2)).toEqual(["top 0|more 0", "top 1|more 1"]);
    // Without top_caption the others stand in; a row without any is a fault.
    expect(replaced.slice(300)).toEqual(["more 300", "top 301"]);
    const mixed = (probability: number, seed = 0) =>
      textsOf(mixedCaptions({ synthetic, web, probability, seed }));
    expect((await mixed(1)).slice(300)).toEqual(["more 300", "top 301", "web 302"]);
    expect((await mixed(0)).slice(299)).toEqual(["web 299", "web 300", "top 301", "web 302"]);
    const quarter = await mixed(0.25);
    const count = quarter.slice(0, 300).filter((each) => each.startsWith("top")).length;
    // 75 expected, with a deviation of 7.5.
    expect(Math.abs(count - 75)).toBeLessThan(30);
    expect(await mixed(0.25)).toEqual(quarter);
    expect(await mixed(0.25, 1)).not.toEqual(quarter);
  });
});

Deno.test("captions: the same rows from CSV and from Parquet", () =>
  withFolder(async (folder) => {
    const address = "https://a.org/x.jpg";
    const quoted = "A lamp, lit.";
    await Deno.writeTextFile(`${folder}/a.csv`, `${address},"${quoted}",It is night.\n`);
    await write(`${folder}/a.parquet`, [
      text("image_url", [address]),
      text("caption_0", [quoted]),
      text("caption_1", ["It is night."]),
    ]);
    await download(folder, [address]);
    for (const name of ["a.csv", "a.parquet"]) {
      const source = captions({ path: `${folder}/${name}` });
      const data = await open(source);
      expect(data.faults).toEqual([]);
      expect(data.record(0).captions).toEqual([quoted, "It is night."]);
      expect((await data.pixels(0)).width).toBe(640);
      expect(source.with({ limit: 3 }).options).toEqual({ ...source.options, limit: 3 });
      expect(await Array.fromAsync(pictureAddresses(`${folder}/${name}`))).toEqual([address]);
    }
  }));

Deno.test("pictureAddresses: the column named url, one chosen, or the first; headers are no rows", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.tsv`;
    await Deno.writeTextFile(path, "id\tURL\tthumb\n1\thttp://a/1\thttp://t/1\n2\t\thttp://t/2\n");
    expect(await Array.fromAsync(pictureAddresses(path))).toEqual(["http://a/1"]);
    const thumbs = ["http://t/1", "http://t/2"];
    expect(await Array.fromAsync(pictureAddresses(path, { column: "thumb" }))).toEqual(thumbs);
    expect(await Array.fromAsync(pictureAddresses(path, { column: 2, limit: 1 }))).toEqual([
      "http://t/1",
    ]);
    await expect(Array.fromAsync(pictureAddresses(path, { column: "ulr" }))).rejects
      .toThrow("expected a column");
  }));
