import { expect } from "expect";
import type { JsonObject } from "../../../core/component.ts";
import type { Context } from "../../../core/context.ts";
import { type DataSet, type DataSource, firstWithPicture } from "../../../core/dataset.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { captions } from "../../../plugins/captions/captions.ts";
import { mixedCaptions } from "../../../plugins/captions/mixed_captions.ts";
import { memoryDataSet } from "../../helpers/memory_data_set.ts";
import { withFolder } from "../../helpers/with_folder.ts";

/** A source of pictures of one colour each, by their ids; the colour says which source it is. */
function source(
  name: string,
  examples: readonly (readonly [id: string, ...captions: string[]])[],
  options: JsonObject = {},
): DataSource {
  const color = name === "web" ? [0, 0, 255] as const : [255, 0, 0] as const;
  const data = memoryDataSet(examples.map(([, ...captions]) => ({
    captions,
    picture: { width: 2, height: 1, color },
  })));
  return {
    name,
    options,
    with: (changes) => source(name, examples, { ...options, ...changes }),
    open: () =>
      Promise.resolve({
        ...data,
        name,
        faults: [{ where: name, reason: "none" }],
        record: (index) => ({ id: examples[index]![0], captions: data.record(index).captions }),
        fingerprint: () => Promise.resolve(JSON.stringify(examples)),
      }),
  };
}

const file = (address: string) => Promise.resolve(address);
const context: Context = {
  assets: { file, optionalFile: file },
  images: createPicturePool({ workers: 0 }),
  log: () => {},
};
const captionsOf = (data: DataSet) =>
  Array.from({ length: data.length }, (_, i) => data.record(i).captions.join("|"));

const synthetic = source("synthetic", [["a", "top a", "more a"], ["b", "top b"], ["d", "top d"]]);
const web = source("web", [["c", "web c"], ["b", "web b"], ["a", "web a"]]);
const open = (probability: number) => mixedCaptions({ synthetic, web, probability }).open(context);

Deno.test("mixedCaptions: the captions of one source or the other, by the picture's id", async () => {
  // "d" has no web caption, "c" no synthetic one: each keeps what it has.
  expect(captionsOf(await open(1))).toEqual(["top a|more a", "top b", "top d", "web c"]);
  expect(captionsOf(await open(0))).toEqual(["web a", "web b", "top d", "web c"]);
  const data = await open(0);
  expect([0, 1, 2, 3].map((i) => data.record(i).id)).toEqual(["a", "b", "d", "c"]);
  expect(data.faults.map(({ where }) => where)).toEqual(["synthetic", "web"]);
  expect(() => data.record(4)).toThrow(RangeError);
  // The picture comes from the synthetic source where that has it.
  const red = async (index: number) => (await data.pixels(index)).data[0];
  expect([await red(1), await red(3)]).toEqual([255, 0]);
  expect(await data.size(3)).toEqual({ width: 2, height: 1 });
});

Deno.test("mixedCaptions: tells which examples share a picture", async () => {
  // As with each caption an example of its own: s1 and s2 are of one picture, and so are w1 to w3
  // and v1 and v2. The synthetic source knows w2, under the number 2.
  const shared = (base: DataSource, firsts: readonly number[]): DataSource => ({
    ...base,
    open: async (context) => ({
      ...await base.open(context),
      pictureOf: (index) => firsts[index]!,
    }),
  });
  const one = source("synthetic", [["s1", "a"], ["s2", "b"], ["w2", "c"]]);
  const other = source("web", [["v1", "d"], ["w1", "e"], ["w2", "f"], ["w3", "g"], ["v2", "h"]]);
  const mixed = mixedCaptions({
    synthetic: shared(one, [0, 0, 2]),
    web: shared(other, [0, 1, 1, 1, 0]),
    probability: 1,
  });
  const data = await mixed.open(context);
  const examples = Array.from({ length: data.length }, (_, index) => index);
  expect(examples.map((index) => data.record(index).id))
    .toEqual(["s1", "s2", "w2", "v1", "w1", "w3", "v2"]);
  expect(examples.map((index) => firstWithPicture(data, index))).toEqual([0, 0, 2, 3, 2, 2, 3]);
  // Sources of one example a picture.
  const plain = await open(1);
  expect([0, 1, 2, 3].map((index) => firstWithPicture(plain, index))).toEqual([0, 1, 2, 3]);
  expect(() => firstWithPicture(plain, 4)).toThrow(RangeError);
});

Deno.test("mixedCaptions: takes the synthetic ones with the probability given, by the seed", async () => {
  const rows = (name: string) =>
    source(name, Array.from({ length: 400 }, (_, i) => [`${i}`, `${name} ${i}`] as const));
  const mixed = mixedCaptions({
    synthetic: rows("synthetic"),
    web: rows("web"),
    probability: 0.25,
  });
  const captions = captionsOf(await mixed.open(context));
  // 100 of 400 expected, with a deviation of 8.7.
  const count = captions.filter((each) => each.startsWith("synthetic")).length;
  expect(Math.abs(count - 100)).toBeLessThan(35);
  for (const [i, caption] of captions.entries()) expect(caption.split(" ")[1]).toBe(`${i}`);
  expect(captionsOf(await mixed.open(context))).toEqual(captions);
  const other = await mixed.with({ seed: 1 }).open(context);
  expect(captionsOf(other)).not.toEqual(captions);
  const fingerprints = await Promise.all(
    [mixed, mixed.with({ seed: 1 }), mixed.with({ probability: 0.5 })]
      .map(async (each) => (await each.open(context)).fingerprint()),
  );
  expect(new Set(fingerprints).size).toBe(3);
});

Deno.test("mixedCaptions: mixes two columns of a table", () =>
  withFolder(async (folder) => {
    const path = `${folder}/captions.csv`;
    await Deno.writeTextFile(path, "picture,web,top\na.jpg,web a,top a\nb.jpg,,top b\n");
    const table = captions({ path });
    const data = (probability: number) =>
      mixedCaptions({
        synthetic: table.with({ columns: { image: "picture", captions: ["top"] } }),
        web: table.with({ columns: { image: "picture", captions: ["web"] } }),
        probability,
      }).open(context);
    expect(captionsOf(await data(0))).toEqual(["web a", "top b"]);
    expect(captionsOf(await data(1))).toEqual(["top a", "top b"]);
  }));

Deno.test("mixedCaptions: describes and changes its options, the sources' among them", () => {
  const mixed = mixedCaptions({ synthetic, web, probability: 0.5 });
  expect(mixed.options).toEqual({
    synthetic: { name: "synthetic" },
    web: { name: "web" },
    probability: 0.5,
    seed: 0,
  });
  const changed = mixed.with({ probability: 1, web: { name: "web", path: "b" } });
  expect(changed.options).toMatchObject({ probability: 1, web: { path: "b" } });
  expect(changed.with(changed.options).options).toEqual(changed.options);
  expect(() => mixed.with({ web: "a.csv" })).toThrow("mixedCaptions.web: expected a data source");
  expect(() => mixed.with({ probability: 2 })).toThrow("mixedCaptions.probability");
});

Deno.test("mixedCaptions: refuses two examples of the web with one id", async () => {
  const twice = source("web", [["a", "web a"], ["b", "web b"], ["a", "another of a"]]);
  await expect(mixedCaptions({ synthetic, web: twice, probability: 0.5 }).open(context))
    .rejects.toThrow(
      'mixedCaptions: expected examples of web with ids of their own, found two of "a"',
    );
});
