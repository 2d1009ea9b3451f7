import { expect } from "expect";
import { packTar } from "modern-tar";
import { gzipSync } from "node:zlib";
import type { Context } from "../../../core/context.ts";
import type { DataSet } from "../../../core/dataset.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { PictureError } from "../../../core/images/picture_error.ts";
import type { CaptionsOptions } from "../../../plugins/captions/caption_options.ts";
import { captions } from "../../../plugins/captions/captions.ts";
import { join } from "../../fuzz/mutate_bytes.ts";
import { paxHeader } from "../../helpers/pax_header.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const photos = new URL("../../data/photos/", import.meta.url).pathname;
const photo = await Deno.readFile(`${photos}000000161044.jpg`);
const other = await Deno.readFile(`${photos}000000290843.jpg`);
const file = (address: string) => Promise.resolve(address);

function contextWith(): Context {
  const images = createPicturePool({ workers: 0 });
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
  options: Partial<CaptionsOptions> = {},
): Promise<DataSet> {
  const path = await Deno.makeTempFile({ suffix: ".tar" });
  try {
    await Deno.writeFile(path, bytes);
    return await captions({ path, ...options }).open(contextWith());
  } finally {
    await Deno.remove(path);
  }
}

const captionsOf = (data: DataSet) =>
  Array.from({ length: data.length }, (_, i) => data.record(i).captions);

Deno.test("captions: pictures and captions of several shards, read in any order", () =>
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
    const source = captions({ path: `${folder}/{00000..00001}.tar` });
    const data = await source.open(contextWith());
    expect(data.faults).toEqual([]);
    expect(data.name).toBe("00000.tar and 1 more");
    expect(captionsOf(data)).toEqual([["a lamp"], ["a cat"], ["a dog"]]);
    expect(data.record(1).id).toBe("00000.tar, 0/b.JPG");
    const pool = createPicturePool({ workers: 0 });
    const full = { kind: "full" } as const;
    expect(await Promise.all([2, 1, 0].map((i) => data.pixels(i)))).toEqual([
      await pool.decode(photo, full),
      await pool.decode(other, full),
      await pool.decode(photo, full),
    ]);
    expect(await data.size(0)).toEqual({ width: 640, height: 229 });
    const star = await captions({ path: `${folder}/*.tar` }).open(contextWith());
    expect(await star.fingerprint()).toBe(await data.fingerprint());
    const one = await source.with({ limit: 1 }).open(contextWith());
    expect(captionsOf(one)).toEqual([["a lamp"]]);
  }));

Deno.test("captions: captions from fields of a JSON member, texts and lists, each once", async () => {
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
  const data = await open(bytes, {
    columns: { captions: ["json.top_caption", "json.all_captions", "txt"] },
  });
  expect(captionsOf(data)).toEqual([["best", "good", "web"]]);
  expect(data.faults.map(({ where, reason }) => [where.slice(-3), reason])).toEqual([
    [", 1", expect.stringContaining("1.json: expected JSON")],
    [
      ", 2",
      "expected a caption (json.top_caption, json.all_captions, txt), found none in jpg, json",
    ],
    [", 3", expect.stringMatching(/^expected a picture \(jpg, .*\), found json$/)],
  ]);
});

Deno.test("captions: long names as pax and as ustar's prefix, and names with dots in folders", async () => {
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

Deno.test("captions: GNU's long names", async () => {
  // GNU tar puts a member "././@LongLink" of type L with the name before the file, whose own header
  // has the first 100 bytes. Made of a ustar archive: type and checksum of the first header changed.
  const name = `${"x".repeat(120)}.jpg`;
  const bytes = await tar([
    ["././@LongLink", `${name}\0`],
    ["x.jpg", photo],
    // Above 100 bytes as well, which this library writes as pax.
    [`${"x".repeat(120)}.txt`, "long"],
  ]);
  bytes[156] = "L".charCodeAt(0);
  const sum = bytes.subarray(0, 512)
    .reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
  bytes.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
  const data = await open(bytes);
  expect(captionsOf(data)).toEqual([["long"]]);
  expect(data.record(0).id).toContain(`, ${name}`);
});

Deno.test("captions: what is no tar archive is an error, what breaks off a fault", async () => {
  const gzip = gzipSync(await tar([["a.txt", "a"]]));
  await expect(open(gzip)).rejects.toThrow(
    "expected webdataset as it is, found it in gzip: unpack it",
  );
  await expect(open(new TextEncoder().encode("<!doctype html>"))).rejects.toThrow(SyntaxError);
  const whole = await tar([["a.txt", "a"], ["a.jpg", photo], ["b.txt", "b"], ["b.jpg", photo]]);
  // Within b's picture, which stands between its header and two blocks of zeros.
  const data = await open(whole.subarray(0, whole.length - 4000));
  expect(captionsOf(data)).toEqual([["a"]]);
  expect(data.faults.map(({ reason }) => reason)).toEqual([
    expect.stringContaining(`expected ${photo.length} bytes of b.jpg, found`),
    expect.stringMatching(/^expected a picture .* found txt$/),
  ]);
});

Deno.test("captions: broken pictures are PictureErrors that name shard and member", () =>
  withFolder(async (folder) => {
    const path = `${folder}/0.tar`;
    await Deno.writeFile(path, await tar([["a.jpg", photo.subarray(0, 20_000)], ["a.txt", "a"]]));
    const data = await captions({ path }).open(contextWith());
    const error = await data.pixels(0).catch((error) => error);
    expect(error).toBeInstanceOf(PictureError);
    expect(error.where).toBe("0.tar, a.jpg");
    await Deno.remove(path);
    await expect(data.pixels(0)).rejects.toThrow(PictureError);
  }));

Deno.test("captions: a key that comes again in a shard is a fault, and the first is kept", async () => {
  const data = await open(
    await tar([
      ["a.jpg", photo],
      ["a.txt", "first"],
      // At once, as two archives put together have it,
      ["a.jpg", other],
      ["a.txt", "second"],
      ["b.txt", "b"],
      ["b.jpg", photo],
      // and later.
      ["a.txt", "third"],
      ["a.jpg", other],
    ]),
  );
  expect(captionsOf(data)).toEqual([["first"], ["b"]]);
  expect(data.faults.map(({ where, reason }) => `${where.slice(-3)}: ${reason}`)).toEqual([
    ", a: expected a key of its own, found it a second time",
    ", a: expected a key of its own, found it a second time",
  ]);
});

Deno.test("captions: members with two dots, endings in capitals, fields inside JSON", async () => {
  const bytes = await tar([
    ["a.left.JPG", photo],
    ["a.right.jpg", other],
    ["a.short.txt", "short"],
    ["a.Info.json", JSON.stringify({ long: { en: "long" }, "de.at": "lang" })],
  ]);
  const columns = {
    image: "LEFT.JPG",
    captions: ["short.TXT", "info.json.long.en", "info.json.de.at"],
  };
  const data = await open(bytes, { columns });
  expect(captionsOf(data)).toEqual([["short", "long", "lang"]]);
  expect(data.record(0).id).toContain(", a.left.JPG");
  await expect(open(bytes, { columns: { image: 0 } })).rejects
    .toThrow('columns.image: expected the ending of a file such as "jpg" or "txt", found 0');
});

Deno.test("captions: of shards without a text the field of a JSON that has a known name", async () => {
  const json = (caption: object) => JSON.stringify({ key: "0", width: 3, ...caption });
  const image = ["a.jpg", photo] as const;
  const data = await open(await tar([image, ["a.json", json({ caption: "a lamp" })]]));
  expect(captionsOf(data)).toEqual([["a lamp"]]);
  await expect(open(await tar([image, ["a.json", json({ words: "a lamp" })]]))).rejects.toThrow(
    "found jpg, json, json.key, json.width, json.words; name it as in columns.captions",
  );
});

Deno.test("captions: members of shards that are not UTF-8 are faults, hidden ones are no members", async () => {
  const latin = Uint8Array.from("caf\xe9", (letter) => letter.charCodeAt(0));
  const data = await open(
    await tar([
      ["._a.txt", latin],
      ["a.jpg", photo],
      ["a.txt", "\ufeffa"],
      ["b.jpg", photo],
      ["b.txt", latin],
    ]),
  );
  expect(captionsOf(data)).toEqual([["a"]]);
  expect(data.faults.map(({ reason }) => reason)).toEqual([
    expect.stringContaining("b.txt, byte 3: expected text in UTF-8, found the byte 0xe9"),
  ]);
});

Deno.test("captions: links in a shard are not followed, and names with .. lead nowhere", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/secret.txt`, "secret");
    const path = `${folder}/a/shard.tar`;
    await Deno.mkdir(`${folder}/a`);
    const link = (name: string, type: "symlink" | "link", linkname: string) => ({
      header: { name, size: 0, type, linkname },
    });
    const file = (name: string, body: Uint8Array) => ({
      header: { name, size: body.length, type: "file" as const },
      body,
    });
    const bytes = await packTar([
      file("a.jpg", photo),
      link("a.txt", "symlink", "../secret.txt"),
      file("b.jpg", photo),
      link("b.txt", "link", `${folder}/secret.txt`),
      file("../../c.jpg", photo),
      file("../../c.txt", new TextEncoder().encode("a lamp")),
    ]);
    await Deno.writeFile(path, bytes);
    const data = await captions({ path, columns: { captions: ["txt"] } }).open(contextWith());
    expect(data.length).toBe(0);
    expect(data.faults.map(({ reason }) => reason)).toEqual([
      "expected a caption (txt), found none in jpg",
      ...Array(2).fill("expected a name inside the archive, found one with .."),
      "expected a caption (txt), found none in jpg",
    ]);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    expect(names).toEqual(["a", "secret.txt"]);
  }));

Deno.test("captions: a member's size in pax that is no number of bytes is refused", async () => {
  const members = await tar([["a.jpg", photo], ["a.txt", "a lamp"]]);
  const sized = (size: string) => join(paxHeader("size", size), members);
  expect(captionsOf(await open(sized(String(photo.length))))).toEqual([["a lamp"]]);
  for (const size of ["-512", "1e3", "x"]) {
    await expect(open(sized(size))).rejects.toThrow("expected a size in bytes, found NaN");
  }
});
