import { expect } from "expect";
import { createRandom } from "../../../core/random.ts";
import type { PrepareContext } from "../../../core/prepare_context.ts";
import { clipNormalization } from "../../../plugins/clip/normalization.ts";
import { findUnits } from "../../../plugins/cs_clip/find_units.ts";
import { readUnits } from "../../../plugins/cs_clip/read_units.ts";
import { csClipRows } from "../../../plugins/cs_clip/rows.ts";
import { drawNegative, drawUnit } from "../../../plugins/cs_clip/units.ts";
import { winkTagger } from "../../../plugins/language/wink_tagger.ts";
import { sceneProposer } from "../../../plugins/scenes/scene_proposer.ts";
import { memoryDataSet } from "../../helpers/memory_data_set.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const draws = <T>(draw: (seed: number) => T): T[] => Array.from({ length: 40 }, (_, i) => draw(i));

Deno.test("findUnits: noun phrases, what stands between them, and other nouns", async () => {
  const caption = "a red star above a blue circle";
  const units = await findUnits(caption, winkTagger(), sceneProposer(), createRandom(1));
  expect(units.entities).toEqual(["a red star", "a blue circle"]);
  expect(units.relations).toEqual([{
    subject: "a red star",
    relation: "above",
    object: "a blue circle",
    foils: [{ subject: "a blue circle", relation: "above", object: "a red star" }],
  }]);
  for (const [thing, foils] of Object.entries(units.foils)) {
    expect(foils.length).toBe(2);
    const before = thing.slice(0, thing.lastIndexOf(" ") + 1);
    for (const foil of foils) {
      expect([foil.startsWith(before), foil === thing]).toEqual([true, false]);
    }
  }
});

Deno.test("drawUnit: a relation with a foil first, else a thing, half the time with another", () => {
  const foils = { "a cat": ["a dog"] };
  const relation = { subject: "a cat", relation: "lying_on", object: "a mat", foils: [] };
  const units = { entities: ["a cat", "a mat"], foils, relations: [relation], negatives: [] };
  expect(drawUnit(units, createRandom(1))).toEqual([
    "a cat lying on a mat",
    "a dog lying on a mat",
  ]);
  const things = draws((seed) => drawUnit({ ...units, relations: [] }, createRandom(seed))!);
  const units4 = ["a cat", "a cat and a mat", "a mat and a cat"];
  expect([...new Set(things.map(([unit]) => unit))].sort()).toEqual(units4);
  for (const [unit, foil] of things) {
    expect(foil.split(" and ").sort()).toEqual(unit.replace("cat", "dog").split(" and ").sort());
  }
  expect(drawUnit({ ...units, foils: {} }, createRandom(1))).toBeUndefined();
});

Deno.test("drawNegative: one that is brought along, else a thing in its place", () => {
  const units = { entities: ["cat"], foils: { cat: ["$& dog"] }, relations: [], negatives: [] };
  const caption = "a cat and a cat";
  expect(drawNegative(caption, units, createRandom(1))).toBe("a $& dog and a cat");
  expect(drawNegative(caption, { ...units, negatives: ["x"] }, createRandom(1))).toBe("x");
  expect(drawNegative("a bird", units, createRandom(1))).toBeUndefined();
});

Deno.test("readUnits: reads the published form, and csClipRows draws from it", () =>
  withFolder(async (folder) => {
    // The keys of CS-CLIP's files; the texts are made up.
    const samples = [{
      sample_id: "1",
      original_caption: "A cat on a mat.",
      entities: ["cat", "mat"],
      negative_entities: { cat: [{ negative: "dog", change_type: "object" }, "bird"] },
      relations: [{
        subject: "cat",
        relation_type: "spatial_on",
        object: "mat",
        negatives: [{ change_type: "swap" }, { change_type: "antonym", relation_type: "under" }],
      }],
      swap_negatives: [{ negative: "A mat on a cat." }],
      image_path: "train2014/1.jpg",
    }];
    const path = `${folder}/units.json`;
    await Deno.writeTextFile(path, JSON.stringify(samples));
    const found = (await readUnits(path)).get("A cat on a mat.")!;
    expect(found.foils).toEqual({ cat: ["dog", "bird"] });
    expect(found.relations[0]!.foils).toEqual([
      { subject: "mat", relation: "spatial_on", object: "cat" },
      { subject: "cat", relation: "under", object: "mat" },
    ]);
    const data = memoryDataSet(["A cat on a mat.", "Another."].map((caption) => ({
      captions: [caption],
      picture: { width: 4, height: 4, color: [1, 2, 3] as const },
    })));
    const context = { assets: { file: () => Promise.resolve(path) }, rehearsal: false };
    const rows = await csClipRows({ units: "hf:x/y.json" })
      .prepare!(context as unknown as PrepareContext);
    const preprocessing = { ...clipNormalization, size: 4 };
    const compose = async (index: number) =>
      (await rows.compose(index, { data, preprocessing, seed: 1, epoch: 0 }))[0]!.texts;
    const texts = await compose(0);
    expect(texts.negative).toEqual(["A mat on a cat."]);
    expect(texts.unit).toEqual(["cat spatial on mat", "cat spatial on mat"]);
    for (const foil of texts.foil) {
      expect([
        "mat spatial on cat",
        "cat under mat",
        "dog spatial on mat",
        "bird spatial on mat",
      ]).toContain(foil);
    }
    // A caption that is not in the file.
    expect(await compose(1))
      .toEqual({ caption: ["Another."], negative: [null], unit: [null, null], foil: [null, null] });
    await Deno.writeTextFile(path, '[{ "caption": 1 }]');
    await expect(readUnits(path)).rejects.toThrow("original_caption");
  }));
