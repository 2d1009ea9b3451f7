import { expect } from "expect";
import type { Context } from "../../../core/context.ts";
import type { DataSet } from "../../../core/dataset.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { PictureError } from "../../../core/images/picture_error.ts";
import type { CaptionsOptions } from "../../../plugins/captions/caption_options.ts";
import { captions } from "../../../plugins/captions/captions.ts";

const photos = new URL("../../data/photos/", import.meta.url).pathname;
const file = (address: string) => Promise.resolve(address);

function contextWith(log: string[] = []): Context {
  const images = createPicturePool({ workers: 0 });
  return { assets: { file, optionalFile: file }, images, log: (line) => log.push(line) };
}

/** The data set of a table with the text given. */
async function open(
  text: string | Uint8Array,
  { suffix = ".csv", ...options }: Partial<CaptionsOptions> & { suffix?: string } = {},
  log: string[] = [],
): Promise<DataSet> {
  const path = await Deno.makeTempFile({ suffix });
  try {
    await Deno.writeFile(path, typeof text === "string" ? new TextEncoder().encode(text) : text);
    return await captions({ ...options, path }).open(contextWith(log));
  } finally {
    await Deno.remove(path);
  }
}

function records(data: DataSet): string[][] {
  return Array.from({ length: data.length }, (_, i) => {
    const { id, captions } = data.record(i);
    return [id, ...captions];
  });
}

Deno.test("captions: a table of photos, with sizes and pixels", async () => {
  const log: string[] = [];
  const data = await captions({ path: `${photos}captions.csv` }).open(contextWith(log));
  expect(data.name).toBe("captions.csv");
  expect(data.length).toBe(3);
  expect(data.faults).toEqual([]);
  expect(log.length).toBe(1);
  expect(log[0]).toContain(
    "captions.csv: commas between cells, row 1 is the header, picture from image, captions from " +
      "caption_1, caption_2, caption_3, caption_4, caption_5",
  );
  expect(data.record(0).id).toBe("000000161044.jpg");
  expect(data.record(0).captions.length).toBe(5);
  expect(await data.size(0)).toEqual({ width: 640, height: 229 });
  expect(await data.size(0)).toEqual({ width: 640, height: 229 });
  expect(await data.pixels(2)).toMatchObject({ width: 428, height: 640 });
});

Deno.test("captions: rows that end in CR alone, with other line breaks in cells", async () => {
  // As Excel's "CSV (Macintosh)" has them.
  const data = await open('image,caption\ra.jpg,"A lamp\nat night"\rb.png,A cat\r');
  expect(data.faults).toEqual([]);
  expect([0, 1].map((i) => data.record(i).captions)).toEqual([["A lamp\nat night"], ["A cat"]]);
});

Deno.test("captions: quotes, line breaks in cells, BOM, CRLF and empty lines", async () => {
  const text = '\ufeffa.jpg,"One, two"\r\n\r\nb.png,"said ""hi""\r\nagain",  \r\n' +
    'c.webp,a 5" disk, second \r\n';
  expect(records(await open(text))).toEqual([
    ["a.jpg", "One, two"],
    ["b.png", 'said "hi"\r\nagain'],
    ["c.webp", 'a 5" disk', "second"],
  ]);
});

Deno.test("captions: cells beyond the Latin alphabet come back as they were", async () => {
  expect(records(await open("日本.jpg,naïve café,😀\n"))).toEqual([[
    "日本.jpg",
    "naïve café",
    "😀",
  ]]);
});

Deno.test("captions: a name that ends in .tsv is separated by tabs", async () => {
  const data = await open("a.jpg\tone, two\t\tthree\n", { suffix: ".tsv" });
  expect(records(data)).toEqual([["a.jpg", "one, two", "three"]]);
});

Deno.test("captions: header told by the first cell, or by the option", async () => {
  const plain = "a.JPEG,one\nb.jpg,two\n";
  expect((await open(plain)).length).toBe(2);
  expect(records(await open(plain, { header: true }))).toEqual([["b.jpg", "two"]]);
  const titled = "path,text\nb.jpg,two\n";
  expect((await open(titled)).length).toBe(1);
  expect(records(await open(titled, { header: false }))[0]).toEqual(["path", "text"]);
});

Deno.test("captions: columns by number and by name", async () => {
  const text = "key,short,long,file\n1,s,l,a.jpg\n";
  const wanted = [["a.jpg", "l", "s"]];
  const byName = { image: "file", captions: ["long", "short"] };
  expect(records(await open(text, { columns: byName }))).toEqual(wanted);
  const byNumber = { image: 3, captions: [2, 1] };
  expect(records(await open(text, { columns: byNumber }))).toEqual(wanted);
  const mixed = { image: "file", captions: [2] };
  expect(records(await open(text, { columns: mixed }))).toEqual([["a.jpg", "l"]]);
  await expect(open(text, { columns: { image: 4, captions: [1] } })).rejects
    .toThrow("expected a column 4, found 4 columns (key, short, long, file)");
});

Deno.test("captions: a named column that is missing is an error that lists the others", async () => {
  const opening = open("image,caption\na.jpg,x\n", { columns: { captions: ["captoin"] } });
  await expect(opening).rejects.toThrow(SyntaxError);
  await expect(opening).rejects.toThrow(
    'row 1: expected a column "captoin", found image, caption; did you mean "caption"?',
  );
  await expect(open("a.jpg,x\n", { columns: { image: "file" }, header: false }))
    .rejects.toThrow(RangeError);
  const endless = open("image,caption\na.jpg,x\n", { columns: { image: "x".repeat(9999) } });
  await expect(endless).rejects.toThrow(/^[^]{0,800}… \(9999 characters\)[^]{0,200}$/);
});

Deno.test("captions: broken rows are faults with their row number", async () => {
  // Row 1 is the header, row 3 is empty.
  const data = await open('image,caption\na.jpg,one\n\n,no path\nb.jpg,""\nc.jpg\nd.jpg,two\n');
  expect(records(data)).toEqual([["a.jpg", "one"], ["d.jpg", "two"]]);
  expect(data.faults.map(({ where }) => where.replace(/.*csv/, ""))).toEqual([
    ", row 4",
    ", row 5",
    ", row 6",
  ]);
  expect(data.faults.map(({ reason }) => reason)).toEqual([
    "expected the path of a picture, found none",
    "expected a caption, found none",
    "expected a caption, found none",
  ]);
});

Deno.test("captions: a quote that is never closed names the row it opens in", async () => {
  const opening = open('a.jpg,one\nb.jpg,"two\nc.jpg,three\n');
  await expect(opening).rejects.toThrow(SyntaxError);
  await expect(opening).rejects.toThrow("row 2: expected a closing quote, found the end");
});

Deno.test("captions: a missing table is an error that names it", async () => {
  await expect(captions({ path: "no/such.csv" }).open(contextWith())).rejects
    .toThrow("no/such.csv");
});

Deno.test("captions: missing and broken pictures are errors that name the path", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const photo = await Deno.readFile(`${photos}000000161044.jpg`);
    await Deno.writeFile(`${folder}/cut.jpg`, photo.subarray(0, 20_000));
    await Deno.writeTextFile(`${folder}/page.jpg`, "<!doctype html>");
    const data = await open("cut.jpg,a\npage.jpg,b\nnone.jpg,c\n", { images: folder });
    expect(await data.size(0)).toEqual({ width: 640, height: 229 });
    for (const [index, name] of ["cut.jpg", "page.jpg", "none.jpg"].entries()) {
      const error = await data.pixels(index).catch((error) => error);
      expect(error).toBeInstanceOf(PictureError);
      expect(error.where).toBe(`${folder}/${name}`);
    }
    for (const index of [1, 2]) await expect(data.size(index)).rejects.toThrow(PictureError);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("captions: limit takes the first examples, faults not counted", async () => {
  const data = await open("a.jpg,1\nb.jpg\nc.jpg,3\nd.jpg,4\n", { limit: 2 });
  expect(records(data)).toEqual([["a.jpg", "1"], ["c.jpg", "3"]]);
});

Deno.test("captions: an index outside the set is refused", async () => {
  const data = await open("a.jpg,1\n");
  for (const index of [-1, 1, 0.5]) {
    expect(() => data.record(index)).toThrow(RangeError);
    await expect(data.size(index)).rejects.toThrow(RangeError);
    await expect(data.pixels(index)).rejects.toThrow(`found ${index}`);
  }
});

Deno.test("captions: fingerprint tells captions and their limits apart", async () => {
  const texts = ["a.jpg,x,y\n", "a.jpg,xy\n", "a.jpg,x\ny.jpg,z\n", "b.jpg,x,y\n"];
  const prints = await Promise.all(texts.map(async (t) => (await open(t)).fingerprint()));
  expect(new Set(prints).size).toBe(texts.length);
  // One text is "a.jpg" FF "x" FF "y" FF FE.
  const bytes = new Uint8Array([
    ...new TextEncoder().encode("a.jpg"),
    255,
    120,
    255,
    121,
    255,
    254,
  ]);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  expect(prints[0]).toBe(digest);
  expect(await (await open("image,caption 1,caption 2\r\na.jpg,x,y")).fingerprint()).toBe(digest);
});

Deno.test("captions: a file of many pieces is read as one", async () => {
  // 4.5 million characters; line breaks, quotes and two-byte letters fall on every kind of border.
  const rows = Array.from(
    { length: 3000 },
    (_, i) => [`${i}.jpg`, `ü"\n${"é".repeat(i + 1)}`, "end"],
  );
  const text = rows.map(([id, long]) => `${id},"${long!.replace('"', '""')}",end`).join("\r\n");
  const data = await open(text);
  expect(data.faults).toEqual([]);
  expect(records(data)).toEqual(rows);
});

Deno.test("captions: a quote that is never closed ends the reading of a large file", async () => {
  const text = `a.jpg,one\nb.jpg,"two\n${"c.jpg,three\n".repeat(400_000)}`;
  await expect(open(text)).rejects.toThrow(
    "row 2: expected a closing quote, found none in 4000000",
  );
});

Deno.test("captions: a lone quote inside a quoted cell is a fault", async () => {
  const data = await open('a.jpg,one\nb.jpg,"two" three\nc.jpg,"four"\nd.jpg,five\n');
  // The cell is taken to end at the next quote before a comma or line end, so row 3 is lost with it.
  expect(records(data)).toEqual([["a.jpg", "one"], ["d.jpg", "five"]]);
  expect(data.faults.map(({ where }) => where.replace(/.*csv/, ""))).toEqual([", row 2"]);
  expect(data.faults[0]!.reason).toContain("quotes inside a quoted cell to be doubled");
});

Deno.test("captions: options are checked, described and changed", () => {
  const table = captions({ path: "a.csv" });
  expect(table.options).toEqual({
    path: "a.csv",
    images: null,
    format: "auto",
    columns: { image: null, captions: null },
    delimiter: "auto",
    header: "auto",
    examples: "pictures",
    split: "none",
    stream: false,
    limit: null,
    window: null,
  });
  expect(table.with({ limit: 5 }).options).toEqual({ ...table.options, limit: 5 });
  expect(() => table.with({ limti: 5 })).toThrow('did you mean "limit"?');
  expect(() => captions({ path: "a.csv", limit: 0 })).toThrow(RangeError);
});
