import { expect } from "expect";
import { packTar } from "modern-tar";
import { createImagePool } from "../../../core/host/images/pool.ts";
import type { Context } from "../../../core/context.ts";
import type { DataSet } from "../../../core/dataset.ts";
import { ImageError } from "../../../core/images/image_error.ts";
import { webdataset, type WebdatasetOptions } from "../../../plugins/captions/webdataset.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const photos = new URL("../../data/photos/", import.meta.url).pathname;
const photo = await Deno.readFile(`${photos}000000161044.jpg`);
const other = await Deno.readFile(`${photos}000000290843.jpg`);
const file = (address: string) => Promise.resolve(address);

function contextWith(): Context {
  const images = createImagePool({ workers: 0 });
  return { assets: { file, optionalFile: file }, images, log: () => {} };
}

type Members = readonly (readonly [name: string, body: string | Uint8Array])[];

/** A tar archive, written by a library that the reader does not use. */
async function tar(members: Members): Promise<Uint8Array<ArrayBuffer>> {
  return await packTar(members.map(([name, body]) => {
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
    const type = name.endsWith("/") ? "directory" as const : "file" as const;
    return { header: { name, size: bytes.length, type }, body: bytes };
  }));
}

async function open(
  bytes: Uint8Array,
  options: Partial<WebdatasetOptions> = {},
): Promise<DataSet> {
  const path = await Deno.makeTempFile({ suffix: ".tar" });
  try {
    await Deno.writeFile(path, bytes);
    return await webdataset({ path, ...options }).open(contextWith());
  } finally {
    await Deno.remove(path);
  }
}

const captionsOf = (data: DataSet) =>
  Array.from({ length: data.length }, (_, i) => data.record(i).captions);

Deno.test("webdataset: pictures and captions of several shards, read in any order", () =>
  withFolder(async (folder) => {
    await Deno.writeFile(
      `${folder}/00000.tar`,
      await tar([
        ["0/", ""],
        ["0/a.jpg", photo],
        ["0/a.txt", " a lamp \n"],
        ["0/a.json", '{"key":"a"}'],
        ["0/b.x.json", "{}"],
        ["0/b.TXT", "a cat"],
        ["0/b.JPG", other],
      ]),
    );
    await Deno.writeFile(`${folder}/00001.tar`, await tar([["c.txt", "a dog"], ["c.jpg", photo]]));
    const source = webdataset({ path: `${folder}/{00000..00001}.tar` });
    const data = await source.open(contextWith());
    expect(data.faults).toEqual([]);
    expect(data.name).toBe("00000.tar and 1 more");
    expect(captionsOf(data)).toEqual([["a lamp"], ["a cat"], ["a dog"]]);
    expect(data.record(1).id).toBe("00000.tar, 0/b.JPG");
    const pool = createImagePool({ workers: 0 });
    const full = { kind: "full" } as const;
    expect(await Promise.all([2, 1, 0].map((i) => data.pixels(i)))).toEqual([
      await pool.decode(photo, full),
      await pool.decode(other, full),
      await pool.decode(photo, full),
    ]);
    expect(await data.size(0)).toEqual({ width: 640, height: 229 });
    const star = await webdataset({ path: `${folder}/*.tar` }).open(contextWith());
    expect(await star.fingerprint()).toBe(await data.fingerprint());
    const one = await source.with({ limit: 1 }).open(contextWith());
    expect(captionsOf(one)).toEqual([["a lamp"]]);
  }));

Deno.test("webdataset: captions from fields of a JSON member, texts and lists, each once", async () => {
  const json = { caption: "web", top_caption: "best", all_captions: ["best", "good", null, ""] };
  const bytes = await tar([
    ["0.jpg", photo],
    ["0.json", JSON.stringify(json)],
    ["0.txt", "web"],
    ["1.jpg", photo],
    ["1.json", "{"],
    ["2.jpg", photo],
    ["2.json", "[]"],
    ["3.json", JSON.stringify(json)],
  ]);
  const data = await open(bytes, { captions: ["json.top_caption", "json.all_captions", "txt"] });
  expect(captionsOf(data)).toEqual([["best", "good", "web"]]);
  expect(data.faults.map(({ where, reason }) => [where.slice(-3), reason])).toEqual([
    [", 1", expect.stringContaining("1.json: expected JSON")],
    [
      ", 2",
      "expected a caption (json.top_caption, json.all_captions, txt), found none in jpg, json",
    ],
    [", 3", "expected a picture (jpg, jpeg, png, webp), found json"],
  ]);
});

Deno.test("webdataset: long names as pax and as ustar's prefix, and names with dots in folders", async () => {
  // Above 100 bytes ustar splits a name at a slash; above 255 only pax can hold it.
  const prefixed = `${"folder.1/".repeat(20)}a`;
  const long = "é".repeat(200);
  const data = await open(
    await tar([
      [`${prefixed}.txt`, "one"],
      [`${prefixed}.jpg`, photo],
      [`${long}.txt`, "two"],
      [`${long}.jpg`, photo],
    ]),
  );
  expect(data.faults).toEqual([]);
  expect(captionsOf(data)).toEqual([["one"], ["two"]]);
  expect(data.record(1).id).toContain(`, ${long}.jpg`);
});

Deno.test("webdataset: GNU's long names", async () => {
  // GNU tar puts a member "././@LongLink" of type L with the name before the file, whose own header
  // has the first 100 bytes. Made of a ustar archive: type and checksum of the first header changed.
  const name = `${"x".repeat(120)}.jpg`;
  const bytes = await tar([
    ["././@LongLink", `${name}\0`],
    ["x.jpg", photo],
    [`${"x".repeat(60)}.txt`, "other"],
  ]);
  bytes[156] = "L".charCodeAt(0);
  const sum = bytes.subarray(0, 512)
    .reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
  bytes.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
  const data = await open(bytes, { captions: ["jpg"] });
  // The picture's bytes as a caption show under which name it was found.
  expect(data.record(0).id).toContain(`, ${name}`);
});

Deno.test("webdataset: what is no tar archive is an error, what breaks off a fault", async () => {
  const gzip = new Uint8Array([0x1f, 0x8b, ...new Uint8Array(600)]);
  await expect(open(gzip)).rejects.toThrow("byte 0: expected a tar header, found gzip");
  await expect(open(new TextEncoder().encode("<!doctype html>"))).rejects.toThrow(SyntaxError);
  const whole = await tar([["a.txt", "a"], ["a.jpg", photo], ["b.txt", "b"], ["b.jpg", photo]]);
  // Within b's picture, which stands between its header and two blocks of zeros.
  const data = await open(whole.subarray(0, whole.length - 4000));
  expect(captionsOf(data)).toEqual([["a"]]);
  expect(data.faults.map(({ reason }) => reason)).toEqual([
    expect.stringContaining(`expected ${photo.length} bytes of b.jpg, found`),
    "expected a picture (jpg, jpeg, png, webp), found txt",
  ]);
});

Deno.test("webdataset: broken pictures are ImageErrors that name shard and member", () =>
  withFolder(async (folder) => {
    const path = `${folder}/0.tar`;
    await Deno.writeFile(path, await tar([["a.jpg", photo.subarray(0, 20_000)], ["a.txt", "a"]]));
    const data = await webdataset({ path }).open(contextWith());
    const error = await data.pixels(0).catch((error) => error);
    expect(error).toBeInstanceOf(ImageError);
    expect(error.where).toBe("0.tar, a.jpg");
    await Deno.remove(path);
    await expect(data.pixels(0)).rejects.toThrow(ImageError);
  }));
