import { expect } from "expect";
import type { Context } from "../../../core/context.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import type { CaptionsOptions } from "../../../plugins/captions/caption_options.ts";
import { captions } from "../../../plugins/captions/captions.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const file = (address: string) => Promise.resolve(address);

/** What a table is read as: its rows, its faults, and what was told of it. */
async function read(
  text: string,
  { name = "a.csv", ...options }: Partial<CaptionsOptions> & { readonly name?: string } = {},
) {
  return await withFolder(async (folder) => {
    const log: string[] = [];
    const context: Context = {
      assets: { file, optionalFile: file },
      images: createPicturePool({ workers: 0 }),
      log: (line) => void log.push(line.replace(`${folder}/`, "")),
    };
    await Deno.writeTextFile(`${folder}/${name}`, text);
    const data = await captions({ path: `${folder}/${name}`, ...options }).open(context);
    const rows = Array.from({ length: data.length }, (_, i) => {
      const { id, captions } = data.record(i);
      return [id, ...captions];
    });
    return { rows, log, faults: data.faults.map(({ reason }) => reason) };
  });
}

const pets = [["a.jpg", "A dog, running"], ["b.jpg", "Ein Kater; schläft"]];

Deno.test("captions: what pandas writes, with and without its index, whatever the delimiter", async () => {
  // DataFrame({filepath, title}).to_csv(…) of pandas 2.3.3.
  for (
    const [text, delimiter] of [
      [',filepath,title\n0,a.jpg,"A dog, running"\n1,b.jpg,Ein Kater; schläft\n', "commas"],
      [';filepath;title\n0;a.jpg;A dog, running\n1;b.jpg;"Ein Kater; schläft"\n', "semicolons"],
      ["filepath\ttitle\na.jpg\tA dog, running\nb.jpg\tEin Kater; schläft\n", "tabs"],
      ["|filepath|title\n0|a.jpg|A dog, running\n1|b.jpg|Ein Kater; schläft\n", "bars"],
      ['0,a.jpg,"A dog, running"\n1,b.jpg,Ein Kater; schläft\n', "commas"],
    ] as const
  ) {
    for (const name of ["a.csv", "a.tsv", "a.txt"]) {
      for (const given of [text, text.replaceAll("\n", "\r\n"), text.replaceAll("\n", "\r")]) {
        const { rows, log, faults } = await read(given, { name });
        expect(rows).toEqual(pets);
        expect(faults).toEqual([]);
        expect(log.length).toBe(1);
        expect(log[0]).toContain(`${name}: ${delimiter} between cells`);
      }
    }
  }
});

Deno.test("captions: commas in a .tsv, and an option where a table misleads", async () => {
  expect((await read("a.jpg,A dog\nb.jpg,A cat\n", { name: "a.tsv" })).rows)
    .toEqual([["a.jpg", "A dog"], ["b.jpg", "A cat"]]);
  const text = "a.jpg|A dog, running\n";
  expect((await read(text)).rows).toEqual([["a.jpg", "A dog, running"]]);
  const columns = { image: 0, captions: [1] };
  expect((await read(text, { delimiter: ",", columns, header: false })).rows)
    .toEqual([["a.jpg|A dog", "running"]]);
  expect((await read("a.jpg\tx,y\n", { delimiter: "tab" })).rows).toEqual([["a.jpg", "x,y"]]);
  expect(() => captions({ path: "a", delimiter: ";;" })).toThrow(
    'captions.delimiter: expected "auto", "tab" or one character',
  );
});

Deno.test("captions: without a header numbers are no captions, and longer rows lose nothing", async () => {
  const short = Array.from({ length: 60 }, (_, i) => `${i},${i}.jpg,Picture ${i}\n`).join("");
  const { rows, log } = await read(`${short}60,60.jpg,Picture 60,and more\n`);
  expect(rows[59]).toEqual(["59.jpg", "Picture 59"]);
  expect(rows[60]).toEqual(["60.jpg", "Picture 60", "and more"]);
  expect(log).toEqual([
    "a.csv: commas between cells, no header, picture from column 1, captions from all other " +
    "columns; not used: column 0",
  ]);
});

Deno.test("captions: Flickr30k's bars, a row a caption, are one example a picture", async () => {
  // The first lines of its results.csv have this form, and one line lacks a bar.
  const text = "image_name| comment_number| comment\n" +
    "1.jpg| 0| Two men , outside .\n1.jpg| 1| Two guys .\n" +
    '2.jpg| 0| A dog "runs" .\n2.jpg| 1   A dog runs across .\n1.jpg| 4| Two guys .\n' +
    "1.jpg| 3| They stand .\n";
  const { rows, log, faults } = await read(text);
  expect(rows).toEqual([
    ["1.jpg", "Two men , outside .", "Two guys .", "They stand ."],
    ["2.jpg", 'A dog "runs" .'],
  ]);
  expect(faults).toEqual(["expected a caption, found none"]);
  expect(log).toEqual([
    "a.csv: bars between cells, row 1 is the header, picture from image_name, captions from " +
    "comment; not used: comment_number",
  ]);
  expect((await read(text, { limit: 1 })).rows).toEqual([[
    "1.jpg",
    "Two men , outside .",
    "Two guys .",
  ]]);
  expect((await read(text, { examples: "captions" })).rows.map(([id]) => id))
    .toEqual(["1.jpg#1", "1.jpg#2", "1.jpg#3", "2.jpg#1"]);
});

Deno.test("captions: tables with the caption first, with a header and without", async () => {
  const wanted = [["a.jpg", "A dog."], ["b.jpg", "A cat."]];
  for (
    const text of [
      "caption,image\nA dog.,a.jpg\nA cat.,b.jpg\n",
      "A dog.,a.jpg\nA cat.,b.jpg\n",
      // Names that are not known: the cells tell.
      "worte,bild\nA dog.,a.jpg\nA cat.,b.jpg\n",
      // By its path, not by the id that bears a known name.
      "caption,image,file_name\nA dog.,17,a.jpg\nA cat.,18,b.jpg\n",
    ]
  ) expect((await read(text)).rows).toEqual(wanted);
});

Deno.test("captions: columns that are not clear are an error that lists them", async () => {
  for (
    const [text, message] of [
      ["image,title,text,key\na.jpg,x,y,z\n", 'columns.captions=["caption"]'],
      ["image,one,two\na.jpg,x,y\n", "found image, one, two; name it as in columns.captions"],
      [
        "code,caption\n17,A dog.\n",
        "picture's path, found code, caption; name it as in columns.image",
      ],
      ["A dog.\nA cat.\n", "expected a picture and captions in each row, found one cell"],
    ] as const
  ) {
    await expect(read(text)).rejects.toThrow(SyntaxError);
    await expect(read(text)).rejects.toThrow(message);
  }
  const columns = { image: "code" };
  expect((await read("code,caption\n17,A dog.\n", { columns })).rows).toEqual([["17", "A dog."]]);
});

Deno.test("captions: a cell more than the header has is a fault, not a caption cut short", async () => {
  const { rows, faults } = await read("image,caption\na.jpg,A dog, running\nb.jpg,A cat,\n");
  expect(rows).toEqual([["b.jpg", "A cat"]]);
  expect(faults).toEqual([
    "expected 2 cells as the header has, found 3; a cell that holds commas has to be quoted",
  ]);
});

Deno.test("captions: text that is not UTF-8 is an error, in every form of text", () =>
  withFolder(async (folder) => {
    const context: Context = {
      assets: { file, optionalFile: file },
      images: createPicturePool({ workers: 0 }),
      log: () => {},
    };
    const texts = {
      "a.csv": "image,caption\na.jpg,un caf\xe9\n",
      "a.json": '{"images":[{"id":1,"file_name":"caf\xe9.jpg"}],"annotations":[]}',
      "a.jsonl": '{"image":"a.jpg","caption":"x"}\n{"image":"b.jpg","caption":"caf\xe9"}\n',
    };
    for (const [name, text] of Object.entries(texts)) {
      const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
      await Deno.writeFile(`${folder}/${name}`, bytes);
      await expect(captions({ path: `${folder}/${name}` }).open(context)).rejects.toThrow(
        `${name}, byte ${
          text.indexOf("\xe9")
        }: expected text in UTF-8, found the byte 0xe9, as in ` +
          "Latin-1 (Windows-1252)",
      );
    }
  }));

Deno.test("captions: half of a surrogate pair is a fault, for it would become another character", async () => {
  const name = "a.jsonl";
  const lines = ['{"image":"a.jpg","text":"\\ud83d"}', '{"image":"b.jpg","text":"\\ud83d\\ude00"}'];
  const { rows, faults } = await read(`${lines.join("\n")}\n`, { name });
  expect(rows).toEqual([["b.jpg", "😀"]]);
  expect(faults).toEqual(["expected Unicode, found half of a surrogate pair"]);
});
