import { expect } from "expect";
import type { Context } from "../../../core/context.ts";
import { type DataSet, firstWithPicture } from "../../../core/dataset.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { PictureError } from "../../../core/images/picture_error.ts";
import type { CaptionsOptions } from "../../../plugins/captions/caption_options.ts";
import { captions } from "../../../plugins/captions/captions.ts";

const photos = new URL("../../data/photos/", import.meta.url).pathname;
const file = (address: string) => Promise.resolve(address);
const pool = createPicturePool({ workers: 0 });
const context: Context = { assets: { file, optionalFile: file }, images: pool, log: () => {} };

async function open(
  json: string,
  options: Omit<CaptionsOptions, "path" | "images"> = {},
): Promise<DataSet> {
  const path = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(path, json);
    return await captions({ path, images: photos, ...options }).open(context);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("captions: the same examples as the table of the same photos", async () => {
  const path = `${photos}captions_coco.json`;
  const coco = await captions({ path, images: photos }).open(context);
  const table = await captions({ path: `${photos}captions.csv` }).open(context);
  expect(coco.length).toBe(3);
  expect(coco.faults).toEqual([]);
  for (let i = 0; i < 3; i++) {
    expect(coco.record(i)).toEqual(table.record(i));
    // Sizes of the one come from the JSON, of the other from the files.
    expect(await coco.size(i)).toEqual(await table.size(i));
  }
  expect(await coco.fingerprint()).toBe(await table.fingerprint());
  expect(await coco.pixels(1)).toMatchObject({ width: 640, height: 408 });
});

const images = [
  { id: 1, file_name: "none.jpg", width: 3, height: 2 },
  { id: 2, file_name: "000000161044.jpg" },
  { id: 3, file_name: "c.jpg" },
];

Deno.test("captions: sizes that the file lacks are read from the picture", async () => {
  const annotations = [{ image_id: 2, caption: "b" }, { image_id: 1, caption: " a " }];
  const data = await open(JSON.stringify({ images, annotations }));
  expect(data.record(0)).toEqual({ id: "none.jpg", captions: ["a"] });
  expect(await data.size(0)).toEqual({ width: 3, height: 2 });
  expect(await data.size(1)).toEqual({ width: 640, height: 229 });
  await expect(data.pixels(0)).rejects.toThrow(PictureError);
});

Deno.test("captions: captions and pictures without each other are faults", async () => {
  const data = await open(JSON.stringify({
    images: [...images, { id: 1, file_name: "again.jpg" }, { file_name: "no_id.jpg" }, null],
    annotations: [
      { image_id: 1, caption: "one" },
      { image_id: 9, caption: "nine" },
      { image_id: 2, caption: " " },
      { image_id: 3, caption: "three" },
      { image_id: 1, caption: "uno" },
    ],
  }));
  expect([data.record(0), data.record(1)]).toEqual([
    { id: "none.jpg", captions: ["one", "uno"] },
    { id: "c.jpg", captions: ["three"] },
  ]);
  expect(data.length).toBe(2);
  const faults = data.faults.map(({ where, reason }) =>
    `${where.replace(/.*json/, "")}: ${reason}`
  );
  expect(faults).toEqual([
    ", images[3]: expected an id of its own, found 1 a second time",
    ", images[4]: expected an id and a file_name, found one missing",
    ", images[5]: expected an id and a file_name, found one missing",
    ", annotations[1]: expected the id of a picture as image_id, found 9",
    ", annotations[2]: expected a caption, found none",
    ", images[1]: expected captions of 000000161044.jpg, found none",
  ]);
});

Deno.test("captions: limit takes the first pictures that have captions", async () => {
  const annotations = [{ image_id: 3, caption: "c" }, { image_id: 2, caption: "b" }];
  const data = await open(JSON.stringify({ images, annotations }), { limit: 1 });
  expect(data.length).toBe(1);
  expect(data.record(0).id).toBe("000000161044.jpg");
});

Deno.test("captions: one example for each caption, which keeps its picture", async () => {
  const annotations = [
    { image_id: 2, caption: "b" },
    { image_id: 1, caption: "a" },
    { image_id: 2, caption: "bee" },
    { image_id: 2, caption: "be" },
  ];
  const json = JSON.stringify({ images, annotations });
  const pictures = await open(json);
  const data = await open(json, { examples: "captions" });
  expect([pictures.length, data.length]).toEqual([2, 4]);
  expect(data.faults.map(({ reason }) => reason)).toEqual([
    "expected captions of c.jpg, found none",
  ]);
  expect([0, 1, 2, 3].map((index) => data.record(index))).toEqual([
    { id: "none.jpg#1", captions: ["a"] },
    { id: "000000161044.jpg#1", captions: ["b"] },
    { id: "000000161044.jpg#2", captions: ["bee"] },
    { id: "000000161044.jpg#3", captions: ["be"] },
  ]);
  expect([0, 1, 2, 3].map((index) => firstWithPicture(data, index))).toEqual([0, 1, 1, 1]);
  expect([0, 1].map((index) => firstWithPicture(pictures, index))).toEqual([0, 1]);
  expect(await data.size(0)).toEqual({ width: 3, height: 2 });
  expect(await data.size(3)).toEqual({ width: 640, height: 229 });
  expect(await data.pixels(3)).toEqual(await pictures.pixels(1));
  await expect(data.pixels(0)).rejects.toThrow(PictureError);
  expect(() => data.record(4)).toThrow("expected an example from 0 to 3, found 4");
  await expect(data.size(4)).rejects.toThrow(RangeError);
  // Other examples, so what was made for the one is not taken for the other.
  expect(await data.fingerprint()).not.toBe(await pictures.fingerprint());
  expect(await data.fingerprint())
    .toBe(await (await open(json, { examples: "captions" })).fingerprint());
  // A limit is one of pictures.
  expect((await open(json, { examples: "captions", limit: 1 })).length).toBe(1);
});

Deno.test("captions: what is not COCO's JSON is a SyntaxError that names the file", async () => {
  for (
    const [text, reason] of [
      ["<!doctype html>", "found HTML"],
      ['{"images": [', "expected JSON"],
      ["[]", "expected pictures and captions, found no objects"],
      ["null", "expected a picture and captions in each row, found one cell"],
      ['{"images": []}', 'expected COCO\'s caption JSON ("images" and "annotations")'],
      ['{"images": [], "annotations": [{"bbox": []}]}', "expected annotations with captions"],
    ] as const
  ) {
    const opening = open(text);
    await expect(opening).rejects.toThrow(SyntaxError);
    await expect(opening).rejects.toThrow(/\.json: /);
    await expect(opening).rejects.toThrow(reason);
  }
});

Deno.test("captions: options are checked, described and changed", () => {
  const source = captions({ path: "a.json", images: "train2017" });
  expect(source.options)
    .toMatchObject({ path: "a.json", images: "train2017", examples: "pictures", limit: null });
  expect(source.with({ limit: 5 }).options["limit"]).toBe(5);
  expect(() => source.with({ image: "x" })).toThrow('did you mean "images"?');
});
