import { expect } from "expect";
import { gzipSync } from "node:zlib";
import { packTar } from "modern-tar";
import type { Context } from "../../../core/context.ts";
import type { DataSet } from "../../../core/dataset.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { overrideRecipe } from "../../../core/override.ts";
import type { Recipe } from "../../../core/recipe.ts";
import type { CaptionsOptions } from "../../../plugins/captions/caption_options.ts";
import { captions } from "../../../plugins/captions/captions.ts";
import { joinPlugins } from "../../../core/join_plugins.ts";
import { plugins } from "../../../plugins/index.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const photos = new URL("../../data/photos/", import.meta.url).pathname;
const golden = new URL("../../golden/", import.meta.url).pathname;
const photo = await Deno.readFile(`${photos}000000161044.jpg`);
const file = (address: string) => Promise.resolve(address);

async function read(options: CaptionsOptions) {
  const log: string[] = [];
  const context: Context = {
    assets: { file, optionalFile: file },
    images: createPicturePool({ workers: 0 }),
    log: (line) => void log.push(line),
  };
  const data = await captions(options).open(context);
  return { data, log, rows: recordsOf(data), faults: data.faults.map(({ reason }) => reason) };
}

function recordsOf(data: DataSet): string[][] {
  return Array.from({ length: data.length }, (_, i) => {
    const { id, captions } = data.record(i);
    return [id, ...captions];
  });
}

const pets = [["a.jpg", "A dog"], ["b.jpg", "A cat", "Ein Kater"]];

Deno.test("captions: JSON lines, lists and other people's objects, told by their content", () =>
  withFolder(async (folder) => {
    const [a, b] = [
      { key: 1, image: "a.jpg", caption: "A dog", meta: { width: 3 } },
      { key: 2, image: "b.jpg", caption: ["A cat", "Ein Kater"] },
    ];
    const lines = `${JSON.stringify(a)}\n\n${JSON.stringify(b)}`;
    const nested = [
      {
        meta: { url: "no" },
        file: { path: "a.jpg" },
        sentences: [{ raw: "A dog", tokens: ["A"] }],
      },
      { file: { path: "b.jpg" }, sentences: [{ raw: "A cat" }, { raw: "Ein Kater" }] },
    ];
    for (
      const text of [
        lines,
        `\ufeff${lines}\n`,
        JSON.stringify([a, b]),
        JSON.stringify({ info: {}, images: [a, b] }),
        JSON.stringify({ "0": a, "1": b }, null, 2),
        JSON.stringify(nested),
      ]
    ) {
      for (const bytes of [new TextEncoder().encode(text), gzipSync(text)]) {
        await Deno.writeFile(`${folder}/data`, bytes);
        const { rows, faults, log } = await read({ path: `${folder}/data` });
        expect(rows).toEqual(pets);
        expect(faults).toEqual([]);
        expect(log).toEqual([expect.stringMatching(/picture from .*, captions from /)]);
      }
    }
    await Deno.writeTextFile(`${folder}/data`, `${lines}\n{"image": `);
    await expect(read({ path: `${folder}/data` })).rejects.toThrow("line 4: expected JSON");
    await Deno.writeTextFile(`${folder}/data`, `${lines}\n7\n{"image": ["a.jpg", "b.jpg"]}\n`);
    expect((await read({ path: `${folder}/data` })).faults).toEqual([
      "expected an object, found something else",
      "expected one picture, found 2",
    ]);
  }));

Deno.test("captions: what is none of the forms is named", () =>
  withFolder(async (folder) => {
    const path = `${folder}/data.csv`;
    for (
      const [text, message] of [
        ["", "expected pictures and captions, found nothing"],
        ["<html>sign in</html>", "found HTML"],
        ["PK\x03\x04…", "found ZIP; unpack it, or save an Excel workbook as CSV"],
        ["ARROW1\0\0", "found Arrow; save it as Parquet"],
      ] as const
    ) {
      await Deno.writeTextFile(path, text);
      await expect(read({ path })).rejects.toThrow(SyntaxError);
      await expect(read({ path })).rejects.toThrow(message);
    }
    await Deno.writeTextFile(`${folder}/a.json`, '{"image":"a.jpg","caption":"x"}');
    await expect(read({ path: `${folder}/a.json` })).rejects.toThrow(
      "found the keys image, caption",
    );
    // Said what it is, it is read.
    expect((await read({ path: `${folder}/a.json`, format: "jsonl" })).rows).toEqual([[
      "a.jpg",
      "x",
    ]]);
    await Deno.writeTextFile(path, "a.jpg,x\n");
    await expect(read({ path: [path, `${folder}/a.json`] })).rejects
      .toThrow(`a.json: expected table as ${path} is, found json`);
  }));

Deno.test("captions: pictures are found where data sets have them, and it is told", () =>
  withFolder(async (folder) => {
    const coco = {
      images: [{ id: 1, file_name: "1.jpg" }],
      annotations: [{ image_id: "1", caption: "A street" }],
    };
    const annotations = `${folder}/annotations/captions_val2017.json`;
    await Deno.mkdir(`${folder}/annotations`);
    await Deno.mkdir(`${folder}/val2017`);
    await Deno.writeFile(`${folder}/val2017/1.jpg`, photo);
    await Deno.writeTextFile(annotations, JSON.stringify(coco));
    const { data, log } = await read({ path: annotations });
    expect(log).toEqual([`${annotations}: pictures from ${folder}/val2017`]);
    expect((await data.pixels(0)).width).toBe(640);
    // What is said goes before what is found.
    const given = await read({ path: annotations, images: `${folder}/none` });
    await expect(given.data.pixels(0)).rejects.toThrow(`no file at ${folder}/none/1.jpg`);
    // Of several folders one is looked for, and then where data sets have them.
    const several = (...images: string[]) => read({ path: annotations, images });
    const found = await several(`${folder}/none`, `${folder}/val2017`, `${folder}/annotations`);
    expect((await found.data.pixels(0)).width).toBe(640);
    const beside = await several(`${folder}/none`, `${folder}/annotations`);
    expect(beside.log).toEqual([`${annotations}: pictures from ${folder}/val2017`]);
    expect((await beside.data.pixels(0)).width).toBe(640);
    await Deno.mkdir(`${folder}/images`);
    await Deno.copyFile(`${folder}/val2017/1.jpg`, `${folder}/images/1.jpg`);
    await Deno.writeTextFile(`${folder}/a.csv`, "1.jpg,A street\n");
    expect((await (await read({ path: `${folder}/a.csv` })).data.pixels(0)).width).toBe(640);
  }));

Deno.test("captions: ids of COCO's JSON are the same as numbers and texts, but for those too large", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.json`;
    // Beyond 2⁵³ both of these are the same number.
    await Deno.writeTextFile(
      path,
      `{"images": [{"id": "790", "file_name": "a.jpg"}, {"id": 8, "file_name": "b.jpg"},
        {"id": 9007199254740993, "file_name": "c.jpg"}],
       "annotations": [{"image_id": 790, "caption": "A dog"}, {"image_id": "8", "caption": "A cat"},
        {"image_id": 9007199254740992, "caption": "nobody's"}]}`,
    );
    const { rows, faults } = await read({ path });
    expect(rows).toEqual([["a.jpg", "A dog"], ["b.jpg", "A cat"]]);
    expect(faults.length).toBe(2);
  }));

Deno.test("captions: a folder of pictures and texts, of shards, or with a table", () =>
  withFolder(async (folder) => {
    const nested = `${folder}/pictures/00000`;
    await Deno.mkdir(nested, { recursive: true });
    for (const key of ["1", "2"]) {
      await Deno.writeFile(`${nested}/${key}.jpg`, photo);
      await Deno.writeTextFile(`${nested}/${key}.txt`, `Picture ${key}\n`);
    }
    await Deno.writeFile(`${nested}/3.jpg`, photo);
    await Deno.writeFile(`${nested}/._1.jpg`, new Uint8Array([1]));
    await Deno.writeFile(`${nested}/4.bmp`, photo);
    const pictures = await read({ path: `${folder}/pictures` });
    expect(pictures.rows).toEqual([["00000/1.jpg", "Picture 1"], ["00000/2.jpg", "Picture 2"]]);
    expect(pictures.faults).toEqual([
      "expected a picture that is decoded, found one of another kind",
      "expected a caption (txt), found none in jpg",
    ]);
    expect((await pictures.data.pixels(1)).width).toBe(640);

    await Deno.mkdir(`${folder}/shards`);
    for (const shard of ["0", "1"]) {
      const entry = (name: string, body: Uint8Array) => ({
        header: { name, size: body.length },
        body,
      });
      const tar = await packTar([
        entry("a.jpg", photo),
        entry("a.txt", new TextEncoder().encode(`Shard ${shard}`)),
      ]);
      await Deno.writeFile(`${folder}/shards/${shard}.tar`, tar);
    }
    expect((await read({ path: `${folder}/shards` })).rows).toEqual([
      ["0.tar, a.jpg", "Shard 0"],
      ["1.tar, a.jpg", "Shard 1"],
    ]);

    // Hugging Face's ImageFolder.
    await Deno.writeTextFile(
      `${folder}/pictures/metadata.csv`,
      "file_name,text\n00000/3.jpg,Picture 3\n",
    );
    const table = await read({ path: `${folder}/pictures` });
    expect(table.rows).toEqual([["00000/3.jpg", "Picture 3"]]);
    expect((await table.data.pixels(0)).width).toBe(640);
    await Deno.mkdir(`${folder}/empty`);
    await expect(read({ path: `${folder}/empty` })).rejects.toThrow("expected pictures with texts");
  }));

Deno.test("captions: what img2dataset writes: shards, Parquet with pictures, its table beside files", async () => {
  const wanted = [["A red square"], ["A green square"], ["A blue square"]];
  const texts = (rows: string[][]) => rows.map(([, ...captions]) => captions);
  const shard = await read({ path: `${golden}img2dataset.tar` });
  expect(texts(shard.rows)).toEqual(wanted);
  expect(shard.faults).toEqual([]);
  const { data, ...inside } = await read({ path: `${golden}img2dataset.parquet` });
  expect(inside.log[0]).toContain(
    "picture from jpg, captions from caption; not used: url, key, status, error_message, width",
  );
  // The third was not downloaded.
  expect(texts(inside.rows)).toEqual([wanted[0], wanted[1], ["Nothing"], wanted[2]]);
  for (const [index, channel] of [0, 1, undefined, 2].entries()) {
    if (channel === undefined) {
      await expect(data.pixels(index)).rejects.toThrow("bytes or its path, found neither");
      continue;
    }
    const pixel = (await data.pixels(index)).data.subarray(0, 3);
    expect(pixel.indexOf(Math.max(...pixel))).toBe(channel);
  }
  // Of addresses, key and status the table has the captions and the addresses.
  await expect(read({ path: `${golden}img2dataset_metadata.parquet` })).rejects
    .toThrow("expected the folder that the table's pictures were downloaded to");
  const metadata = { path: `${golden}img2dataset_metadata.parquet`, columns: { image: "key" } };
  expect((await read(metadata)).rows[0]).toEqual(["000000000", "A red square"]);
});

Deno.test("captions: Parquet with groups, paths without bytes, and texts that are none", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.parquet`;
    await Deno.copyFile(`${golden}captions_structs_pyarrow.parquet`, path);
    await Deno.mkdir(`${folder}/images/sub`, { recursive: true });
    await Deno.copyFile(`${photos}000000161044.jpg`, `${folder}/images/sub/green.png`);
    const sentences = await read({ path });
    expect(sentences.log[0]).toContain(
      "picture from image, captions from sentences.raw; not used:",
    );
    expect(sentences.rows.map(([, ...captions]) => captions))
      .toEqual([["A dog.", "A dog runs."], ["Ein Kater."]]);
    expect(sentences.faults).toEqual(["expected a caption, found none"]);
    expect((await sentences.data.pixels(0)).data.slice(0, 3)).toEqual(new Uint8Array([255, 0, 0]));
    expect((await sentences.data.pixels(1)).width).toBe(640);

    const broken = await read({ path, columns: { captions: ["broken"] } });
    expect(broken.rows.map(([, caption]) => caption)).toEqual(["a dog", "a cat"]);
    expect(broken.faults).toEqual([
      expect.stringContaining("broken, byte 6: expected text in UTF-8, found the byte 0xe9"),
    ]);
    const plain = await read({ path, columns: { captions: ["plain"] } });
    expect(plain.rows.map(([, caption]) => caption)).toEqual(["un", "déux", "trois"]);

    const addresses = { image: "meta.url", captions: ["sentences.raw"] };
    await Deno.writeTextFile(
      `${folder}/images/downloads.jsonl`,
      '{"url":"https://a.org/1.jpg","file":"sub/green.png","width":640,"height":229}\n',
    );
    const linked = await read({ path, columns: addresses });
    expect(linked.rows).toEqual([["sub/green.png", "A dog.", "A dog runs."]]);
    expect(linked.faults[0]).toBe(
      "expected a downloaded picture, found none of https://a.org/2.jpg",
    );
  }));

// All that train on captions from files: the methods' recipes, whatever data their papers have. Of the
// others one has a table with negative pictures, and some draw their own.
const { recipes } = joinPlugins(plugins);
const names = Object.keys(recipes)
  .filter((name) => !/tiny|^pretrain-sighted$|^triplet-clip-vitb32$|^clic-web$/.test(name));

for (const name of names) {
  Deno.test(`captions: ${name} takes one's own data in every form by data.path alone`, () =>
    withFolder(async (folder) => {
      const coco = {
        images: [{ id: 1, file_name: "a.jpg" }],
        annotations: [{ image_id: 1, caption: "A dog" }, { image_id: 1, caption: "It runs" }],
      };
      const row = { image: "a.jpg", caption: ["A dog", "It runs"] };
      const forms = {
        "a.csv": "a.jpg,A dog,It runs\n",
        "b.csv": "filepath;title\na.jpg;A dog\na.jpg;It runs\n",
        "coco.json": JSON.stringify(coco),
        "rows.jsonl": `${JSON.stringify(row)}\n${JSON.stringify({ ...row, image: "b.jpg" })}\n`,
      };
      await Deno.writeFile(`${folder}/a.jpg`, photo);
      const recipe = (await recipes[name]!.load()).default as Recipe;
      const context: Context = {
        assets: { file, optionalFile: file },
        images: createPicturePool({ workers: 0 }),
        log: () => {},
      };
      for (const [form, text] of Object.entries(forms)) {
        await Deno.writeTextFile(`${folder}/${form}`, text);
        const { data } = overrideRecipe(recipe, [`data.path=${folder}/${form}`]);
        const set = await data.open(context);
        const captions = Array.from({ length: set.length }, (_, i) => set.record(i).captions);
        const each = data.options["examples"] === "captions";
        expect(captions.slice(0, 2).flat()).toEqual(
          each || form !== "rows.jsonl" ? ["A dog", "It runs"] : [...row.caption, ...row.caption],
        );
        expect((await set.pixels(0)).width).toBe(640);
      }
    }));
}

Deno.test("recipes: twenty-nine train on captions from files", () => {
  expect(names.length).toBe(29);
});
