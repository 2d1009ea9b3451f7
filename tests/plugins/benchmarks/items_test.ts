import type { Benchmark } from "../../../core/benchmark.ts";
import { join } from "node:path";
import { expect } from "expect";
import { PictureError } from "../../../core/images/picture_error.ts";
import { BENCHMARKS } from "../../../plugins/benchmarks/registry.ts";
import { cocoOrder, flickr30kOrder } from "../../../plugins/benchmarks/suites/caption_order.ts";
import { cola } from "../../../plugins/benchmarks/suites/cola.ts";
import { MissingPicturesError } from "../../../plugins/benchmarks/harness/missing_pictures.ts";
import { sugarCrepe } from "../../../plugins/benchmarks/suites/sugar_crepe.ts";
import { sugarCrepePp } from "../../../plugins/benchmarks/suites/sugar_crepe_pp.ts";
import { svoProbes } from "../../../plugins/benchmarks/suites/svo_probes.ts";
import { valse } from "../../../plugins/benchmarks/suites/valse.ts";
import { vgAttribution, vgRelation } from "../../../plugins/benchmarks/suites/visual_genome_aro.ts";
import { vlChecklist } from "../../../plugins/benchmarks/suites/vl_checklist.ts";
import { winoground } from "../../../plugins/benchmarks/suites/winoground.ts";
import { cropPadded } from "../../../plugins/benchmarks/harness/picture_folder.ts";
import { benchmarkContext, writePicture, writtenEncoder } from "../../helpers/benchmark_fixture.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const golden = new URL("../../golden/benchmarks/", import.meta.url).pathname;

async function writeJson(path: string, value: unknown): Promise<void> {
  await Deno.writeTextFile(path, JSON.stringify(value));
}

/** SugarCrepe's files with one subset of four items on pictures 0 and 1, the others with one. */
async function writeSugarCrepe(folder: string): Promise<void> {
  const item = (filename: string, caption: string, negative_caption: string) => ({
    filename,
    caption,
    negative_caption,
  });
  for (const name of ["add_obj", "replace_att", "replace_obj", "replace_rel", "swap_att"]) {
    await writeJson(join(folder, `${name}.json`), { "0": item("0.png", "a @0.8", "b @0.6") });
  }
  await writeJson(join(folder, "swap_obj.json"), { "7": item("gone.png", "a @0.8", "b @0.6") });
  await writeJson(join(folder, "add_att.json"), {
    "0": item("0.png", "right @0.8", "wrong @0.6"),
    "1": item("0.png", "tie @0.5", "tied @0.5"),
    "2": item("1.png", "below @0.9,0.2", "above @0.1,0.3"),
    "5": item("1.png", "over @0,0.7", "under @1,0.6"),
  });
}

Deno.test("sugarCrepe: scores, averages and what was missing, by hand", () =>
  withFolder(async (folder) => {
    await writeSugarCrepe(folder);
    for (const red of [0, 1]) await writePicture(join(folder, `${red}.png`), red);
    const encoder = writtenEncoder(2);
    const benchmark = sugarCrepe({ images: folder, annotations: folder, partial: true });
    const context = benchmarkContext();
    const evaluations = await benchmark.evaluate(encoder, context);
    const found = new Map(evaluations.map((each) => [each.dataset, each]));
    const addAtt = found.get("sugar_crepe/add_att")!;
    // Right, a tie (wrong), wrong, right.
    expect(addAtt.metrics).toEqual({ acc: 0.5 });
    expect(addAtt.itemScores!.map(({ id }) => id)).toEqual(["0", "1", "2", "5"]);
    expect(addAtt.itemScores![2]).toEqual({
      id: "2",
      images: ["1.png"],
      texts: ["below @0.9,0.2", "above @0.1,0.3"],
      scores: [Math.fround(0.2), Math.fround(0.3)],
      correct: { acc: false },
    });
    expect(addAtt.partial).toEqual({ of: 692, missing: [] });
    // add_att 2 of 4, add_obj 1 of 1: 3 of 5, and (1/2 + 1) / 2.
    expect(found.get("sugar_crepe/add")!.metrics).toEqual({ acc: 0.6, macro_acc: 0.75 });
    // swap_obj has no picture: it is left out, and six subsets remain with 2 + 5 of 4 + 5 right.
    expect(found.has("sugar_crepe/swap_obj")).toBe(false);
    expect(context.lines).toEqual([
      "sugar_crepe/swap_obj: no item has all of its pictures; it is left out",
    ]);
    const all = evaluations.at(-1)!;
    expect(all).toMatchObject({
      dataset: "sugar_crepe",
      headline: "macro_acc",
      items: 9,
      // Of the subset that was left out, too.
      partial: { of: 7511, missing: ["gone.png"] },
    });
    expect(all.metrics["acc"]).toBe(7 / 9);
    expect(all.metrics["macro_acc"]).toBeCloseTo(5.5 / 6, 12);
    // Each different picture and text once.
    expect(encoder.asked.images).toBe(2);
    expect(encoder.asked.texts.toSorted()).toEqual([...new Set(encoder.asked.texts)].toSorted());
    expect(benchmark.source.items).toBe(7511);
  }));

Deno.test("sugarCrepe: limit takes the first items of each subset, and the result says so", () =>
  withFolder(async (folder) => {
    await writeSugarCrepe(folder);
    for (const name of ["0", "1", "gone"]) await writePicture(join(folder, `${name}.png`), 0);
    const evaluations = await sugarCrepe({
      images: folder,
      annotations: folder,
      partial: true,
      limit: 2,
    }).evaluate(writtenEncoder(2), benchmarkContext());
    expect(evaluations[0]).toMatchObject({
      dataset: "sugar_crepe/add_att",
      items: 2,
      partial: { of: 692, missing: [] },
    });
  }));

Deno.test("sugarCrepe: other counts and missing pictures are errors unless asked for", () =>
  withFolder(async (folder) => {
    await writeSugarCrepe(folder);
    const run = (options: { images?: string; partial?: boolean }) =>
      sugarCrepe({ images: folder, annotations: folder, ...options })
        .evaluate(writtenEncoder(2), benchmarkContext());
    await expect(run({})).rejects.toThrow(
      "sugarCrepe: expected the 692 items of sugar_crepe/add_att in its annotations, found 4",
    );
    // The pictures of all subsets: 0, 1 and gone.
    await expect(run({ partial: true })).rejects.toThrow(
      new RegExp(
        `^${folder}: expected 3 pictures, found 3 missing: 0.png, 1.png, gone.png .*` +
          "; not one is there$",
      ),
    );
    await expect(run({ images: join(folder, "none"), partial: true })).rejects.toThrow(
      new RangeError(`${folder}/none: expected a folder of pictures, found none`),
    );
  }));

Deno.test("cola: names every missing picture and where they come from", () =>
  withFolder(async (folder) => {
    const row = (i: number) => [`https://x/a${i}.jpg`, "a @1", `https://x/b${i}.jpg`, "b @0,1"];
    const annotations = join(folder, "cola.json");
    await writeJson(annotations, Array.from({ length: 210 }, (_, i) => row(i % 2)));
    await writePicture(join(folder, "a0.jpg"), 0);
    await writePicture(join(folder, "b0.jpg"), 1);
    const benchmark = cola({ images: folder, annotations });
    const error = await benchmark.evaluate(writtenEncoder(2), benchmarkContext()).then(
      () => undefined,
      (error) => error,
    );
    expect(error).toBeInstanceOf(PictureError);
    expect(error.message).toBe(
      `${folder}: expected 4 pictures, found 2 missing: a1.jpg, b1.jpg (those that its ` +
        "annotations link to, https://cs-people.bu.edu/array/data/vg_gqa_images); " +
        "partial: true scores the items whose pictures are there",
    );
    const [evaluation] = await benchmark.with({ partial: true })
      .evaluate(writtenEncoder(2), benchmarkContext());
    expect(evaluation).toMatchObject({
      dataset: "cola/multi_object",
      metrics: { acc: 1 },
      items: 105,
      partial: { of: 210, missing: ["a1.jpg", "b1.jpg"] },
    });
    // Picture by picture: a0 with both texts, then b0.
    expect(evaluation!.itemScores![0]!.scores).toEqual([1, 0, 0, 1]);
  }));

Deno.test("cola: the message tells twenty missing pictures, the error has all", () =>
  withFolder(async (folder) => {
    const annotations = join(folder, "cola.json");
    const row = (_: unknown, i: number) => [`a${i}.jpg`, "a @1", `b${i}.jpg`, "b @0,1"];
    await writeJson(annotations, Array.from({ length: 210 }, row));
    const error = await cola({ images: folder, annotations }).check!(benchmarkContext()).then(
      () => undefined,
      (error) => error,
    );
    expect(error).toBeInstanceOf(MissingPicturesError);
    const names = Array.from({ length: 210 }, (_, i) => [`a${i}.jpg`, `b${i}.jpg`]).flat();
    expect(error.missing).toEqual(names);
    expect(error.message).toContain(
      `${folder}: expected 420 pictures, found 420 missing: ${names.slice(0, 20).join(", ")} ` +
        "and 400 more (those that",
    );
  }));

Deno.test("sugarCrepePp: both tasks, and the text-only one without pictures", () =>
  withFolder(async (folder) => {
    const item = (id: number, caption: string, caption2: string, negative_caption: string) => ({
      id,
      filename: "0.png",
      caption,
      caption2,
      negative_caption,
    });
    const easy = [item(0, "a @1,0", "b @1,0.5", "c @0,1")];
    for (const name of ["replace_att", "replace_obj", "replace_rel", "swap_att"]) {
      await writeJson(join(folder, `${name}.json`), easy);
    }
    await writeJson(join(folder, "swap_obj.json"), [
      ...easy,
      // Picture: 1, 0.5 and 0.5, a tie: wrong. Texts: a·b = 0.5, a·c = 0.5, a tie: wrong.
      item(3, "a @1,0", "b @0.5,1", "c @0.5,0"),
      // Picture: 1 and 0.75 above 0.5. Texts: a·b = 0.75, a·c = 0.5, b·c = 0.375 + 2: wrong.
      item(9, "a @1,0", "b @0.75,1", "c @0.5,2"),
    ]);
    await writePicture(join(folder, "0.png"), 0);
    const options = { annotations: folder, partial: true };
    const run = async (more: { images?: string; textOnly?: boolean }) =>
      await sugarCrepePp({ ...options, ...more }).evaluate(writtenEncoder(2), benchmarkContext());
    const both = await run({ images: folder });
    const swapObj = both.find(({ dataset }) => dataset === "sugar_crepe_pp/swap_obj")!;
    expect(swapObj.metrics).toEqual({ itt_acc: 2 / 3, tot_acc: 1 / 3 });
    expect(swapObj.itemScores![2]).toMatchObject({
      id: "9",
      scores: [1, 0.75, 0.5, 0.75, 0.5, 2.375],
    });
    // Four subsets with 1 of 1 and this one.
    expect(both.at(-1)).toMatchObject({ dataset: "sugar_crepe_pp", headline: "macro_itt_acc" });
    expect(both.at(-1)!.metrics["macro_tot_acc"]).toBeCloseTo((4 + 1 / 3) / 5, 12);
    expect(both.at(-1)!.metrics["tot_acc"]).toBe(5 / 7);
    const texts = await run({ textOnly: true });
    expect(texts.at(-1)).toMatchObject({ headline: "macro_tot_acc" });
    expect(texts.at(-1)!.metrics["tot_acc"]).toBe(5 / 7);
    expect(texts.at(-1)!.metrics["itt_acc"]).toBeUndefined();
    expect(texts[0]!.itemScores![0]).not.toHaveProperty("images");
    // A folder of pictures that a recipe names is not looked for then.
    expect(await run({ textOnly: true, images: join(folder, "none") })).toEqual(texts);
    expect(() => sugarCrepePp(options)).toThrow(
      new RangeError(
        "sugarCrepePp.images: expected the folder of its pictures (COCO's val2017, " +
          "http://images.cocodataset.org/zips/val2017.zip), found nothing",
      ),
    );
  }));

const box = { bbox_x: 0, bbox_y: 0, bbox_w: 2, bbox_h: 2 };

Deno.test("vgRelation: the mean over relations leaves out the symmetric ones", () =>
  withFolder(async (folder) => {
    const item = (relation_name: string, own: number) => ({
      image_path: "0.png",
      ...box,
      true_caption: `a @${own}`,
      false_caption: "b @0.5",
      relation_name,
    });
    // on: 1 of 2 (the other ties); under: 1 of 1; "next to" is symmetric: 0 of 1.
    const items = [item("on", 0.75), item("on", 0.5), item("under", 1), item("next to", 0.25)];
    await writeJson(join(folder, "vgr.json"), items);
    await writePicture(join(folder, "0.png"), 0);
    const [evaluation] = await vgRelation({
      images: folder,
      annotations: join(folder, "vgr.json"),
      partial: true,
    }).evaluate(writtenEncoder(2), benchmarkContext());
    expect(evaluation).toMatchObject({
      dataset: "vg_relation",
      metrics: { acc: 0.5, macro_acc: 0.75 },
      headline: "macro_acc",
      partial: { of: 23937 },
    });
  }));

Deno.test("vgAttribution: pairs with fewer than 25 items do not count in the mean", () =>
  withFolder(async (folder) => {
    const item = (attributes: [string, string], own: number) => ({
      image_path: "0.png",
      ...box,
      true_caption: `a @${own}`,
      false_caption: "b @0.5",
      attributes,
    });
    const items = [
      // 25 items, 20 right; 24 items, all right.
      ...Array.from({ length: 25 }, (_, i) => item(["paved", "white"], i < 20 ? 1 : 0.5)),
      ...Array.from({ length: 24 }, () => item(["white", "paved"], 1)),
    ];
    await writeJson(join(folder, "vga.json"), items);
    await writePicture(join(folder, "0.png"), 0);
    const [evaluation] = await vgAttribution({
      images: folder,
      annotations: join(folder, "vga.json"),
      partial: true,
    }).evaluate(writtenEncoder(2), benchmarkContext());
    expect(evaluation!.metrics).toEqual({ acc: 44 / 49, macro_acc: 0.8 });
  }));

Deno.test("cropPadded: a box within is cut out, what lies outside the picture is black", () => {
  // Two columns of two rows; red values 1 2 / 3 4.
  const picture = { width: 2, height: 2, data: Uint8Array.of(1, 0, 0, 2, 0, 0, 3, 0, 0, 4, 0, 0) };
  const reds = (left: number, top: number, width: number, height: number) => {
    const part = cropPadded(picture, { left, top, width, height });
    expect(part).toMatchObject({ width, height });
    return [...part.data].filter((_, index) => index % 3 === 0);
  };
  expect(reds(1, 0, 1, 2)).toEqual([2, 4]);
  expect(reds(1, 1, 2, 2)).toEqual([4, 0, 0, 0]);
  expect(reds(-1, 0, 2, 1)).toEqual([0, 1]);
  expect(reds(5, 5, 1, 1)).toEqual([0]);
});

Deno.test("winoground: three scores and their means over tags", () =>
  withFolder(async (folder) => {
    const item = (id: number, caption_0: string, caption_1: string, collapsed_tag: string) => ({
      id,
      image_0: "zero",
      image_1: "one",
      caption_0,
      caption_1,
      collapsed_tag,
    });
    const lines = [
      // i0t0, i0t1, i1t0, i1t1 = 1, 0, 0, 1: all right.
      item(0, "a @1,0", "b @0,1", "Object"),
      // 1, 0.5, 0.75, 0.5: picture 1 prefers text 0; text 1 ties: all wrong.
      item(1, "a @1,0.75", "b @0.5,0.5", "Relation"),
      // 1, 0, 0.5, 0.25: picture 1 prefers text 0; each text its picture: image alone.
      item(2, "a @1,0.5", "b @0,0.25", "Relation"),
    ];
    await Deno.writeTextFile(
      join(folder, "examples.jsonl"),
      lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
    );
    await writePicture(join(folder, "zero.png"), 0);
    await writePicture(join(folder, "one.png"), 1);
    const [evaluation] = await winoground({
      images: folder,
      annotations: join(folder, "examples.jsonl"),
      partial: true,
    }).evaluate(writtenEncoder(2), benchmarkContext());
    expect(evaluation!.metrics).toEqual({
      text_acc: 1 / 3,
      image_acc: 2 / 3,
      acc: 1 / 3,
      macro_text_acc: 0.5,
      macro_image_acc: 0.75,
      macro_acc: 0.5,
    });
    expect(evaluation!.headline).toBe("acc");
  }));

Deno.test("svoProbes: pairs by what differs, rows with two differences in none", () =>
  withFolder(async (folder) => {
    const rows = [
      "index,sentence,pos_triplet,pos_image_id,neg_image_id,subj_neg,verb_neg,obj_neg",
      '0,"right, said @0.75,0.5","a,b,c",0,1,True,False,False',
      '1,"tie @0.5,0.5","a,b,c",0,1,False,True,False',
      '2,"two @0.75,0.5","a,b,c",0,1,True,True,False',
      '3,"wrong @0.25,0.5","a,b,c",0,1,False,False,True',
      '4,"right @0.25,0.5","a,b,c",1,0,False,False,True',
      '5,"right, too @0.25,0.5","a,b,c",1,0,False,False,True',
    ];
    const annotations = join(folder, "svo.csv");
    await Deno.writeTextFile(annotations, rows.join("\r\n") + "\r\n");
    for (const red of [0, 1]) {
      await writePicture(join(folder, `${red}.png`), red);
      await Deno.rename(join(folder, `${red}.png`), join(folder, `${red}.jpg`));
    }
    const benchmark = svoProbes({ images: folder, annotations, partial: true });
    const evaluations = await benchmark.evaluate(writtenEncoder(2), benchmarkContext());
    expect(evaluations.map(({ dataset, metrics, items }) => [dataset, metrics["acc"], items]))
      .toEqual([
        ["svo_probes/subject", 1, 1],
        ["svo_probes/verb", 0, 1],
        ["svo_probes/object", 2 / 3, 3],
        ["svo_probes", 3 / 5, 5],
      ]);
    // The mean of 1, 0 and 2/3.
    expect(evaluations.at(-1)!.metrics["macro_acc"]).toBeCloseTo(5 / 9, 12);
    // 36,835 rows are missing, each of which may be of any kind.
    expect(evaluations.map(({ partial }) => partial)).toEqual(
      [36836, 36836, 36838, 36841].map((of) => ({ of, missing: [] })),
    );
    await expect(
      benchmark.with({ partial: false }).evaluate(writtenEncoder(2), benchmarkContext()),
    ).rejects.toThrow(
      `${annotations}: expected the 36841 rows of SVO-Probes, found 6; partial: true`,
    );
  }));

Deno.test("svoProbes: the authors' number of rows is whole, one more is no SVO-Probes", () =>
  withFolder(async (folder) => {
    const annotations = join(folder, "svo.csv");
    const write = async (count: number) => {
      const rows = Array.from({ length: count }, (_, index) => {
        const flags = [0, 1, 2].map((kind) => index % 3 === kind ? "True" : "False");
        return `${index},said @1,0,0,${flags.join(",")}`;
      });
      const header = "index,sentence,pos_image_id,neg_image_id,subj_neg,verb_neg,obj_neg";
      await Deno.writeTextFile(annotations, [header, ...rows].join("\n"));
    };
    await writePicture(join(folder, "0.png"), 0);
    await Deno.rename(join(folder, "0.png"), join(folder, "0.jpg"));
    const benchmark = svoProbes({ images: folder, annotations });
    await write(36841);
    const evaluations = await benchmark.evaluate(writtenEncoder(1), benchmarkContext());
    // 36,841 is 3 · 12,280 + 1.
    expect(evaluations.map(({ items, partial }) => [items, partial])).toEqual([
      [12281, undefined],
      [12280, undefined],
      [12280, undefined],
      [36841, undefined],
    ]);
    await write(36842);
    await expect(benchmark.with({ partial: true }).check!(benchmarkContext())).rejects.toThrow(
      new RangeError(`${annotations}: expected the 36841 rows of SVO-Probes, found 36842`),
    );
  }));

/** The files of objects among VL-CheckList's annotations. */
const checklistObjects = [
  { aspect: "location", values: ["center", "mid", "margin"] },
  { aspect: "size", values: ["large", "medium", "small"] },
].flatMap(({ aspect, values }) => {
  const folder = `Object/${aspect === "size" ? "Size" : "Location"}`;
  return [
    ...["obj", "subj"].map((role) => `vg_${aspect}/vg_${role}`),
    ...["agent", "destination", "item", "tool"].map((r) => `swig_${aspect}/swig_${r}/swig_${r}`),
    `hake_${aspect}/hake_obj`,
  ].flatMap((path) => values.map((value) => `${folder}/${path}_${value}.json`));
});

/** Writes a file of VL-CheckList's annotations. */
async function writeChecklist(folder: string, path: string, items: readonly unknown[]) {
  await Deno.mkdir(join(folder, "data", path, ".."), { recursive: true });
  await writeJson(join(folder, "data", path), items);
}

/** A picture in each folder of VL-CheckList's. */
async function writeChecklistPictures(folder: string) {
  for (const source of ["vg", "swig", "hake"]) {
    await Deno.mkdir(join(folder, source));
    await writePicture(join(folder, source, "0.png"), 0);
  }
}

Deno.test("vlChecklist: files of a source, then sources, unweighted", () =>
  withFolder(async (folder) => {
    const right = ["0.png", { POS: ["a @1"], NEG: ["b @0.5"] }];
    const wrong = ["0.png", { POS: ["a @0.5"], NEG: ["a @0.5"] }];
    const write = (path: string, items: unknown[]) => writeChecklist(folder, path, items);
    for (const source of ["vg", "vaw"]) {
      for (const name of ["action", "color", "material", "size", "state"]) {
        await write(`Attribute/${source}/${name}.json`, [right]);
      }
    }
    for (const path of checklistObjects) await write(path, [right]);
    await write("Relation/vg/action.json", [right, right, right]);
    await write("Relation/vg/spatial.json", [wrong]);
    await write("Relation/swig_action.json", [wrong]);
    // Only the first 1,000 items of a file count.
    await write("Relation/hake_action.json", [
      ...Array.from({ length: 1000 }, () => right),
      wrong,
    ]);
    await writeChecklistPictures(folder);
    const benchmark = vlChecklist({
      images: folder,
      annotations: join(folder, "data"),
      partial: true,
    });
    const evaluations = await benchmark.evaluate(writtenEncoder(2), benchmarkContext());
    const found = new Map(evaluations.map((each) => [each.dataset, each]));
    expect([...found.values()].filter(({ itemScores }) => itemScores !== undefined).length)
      .toBe(10 + 21 + 21 + 4);
    expect(found.get("vl_checklist/relation/hake/action")).toMatchObject({ items: 1000 });
    // vg: 3 of 3 and 0 of 1.
    expect(found.get("vl_checklist/relation/vg")!.metrics).toEqual({ acc: 0.75, macro_acc: 0.5 });
    // vg 1/2, swig 0, hake 1.
    expect(found.get("vl_checklist/relation")!.metrics["macro_acc"]).toBe(0.5);
    expect(found.get("vl_checklist/object")!.metrics["macro_acc"]).toBe(1);
    // Three of the four files of relations are cut short.
    expect(found.get("vl_checklist/relation/vg/action")!.partial).toEqual({
      of: 1000,
      missing: [],
    });
    expect(found.get("vl_checklist/relation/hake/action")!.partial).toBeUndefined();
    expect(found.get("vl_checklist/relation")!.partial).toEqual({ of: 4000, missing: [] });
    await expect(benchmark.with({ partial: false }).check!(benchmarkContext())).rejects.toThrow(
      "vlChecklist: expected the 1000 items of vl_checklist/attribute/vg/action in its " +
        "annotations, found 1; partial: true",
    );
  }));

Deno.test("vlChecklist: the small files of the authors are whole with fewer than 1,000 items", () =>
  withFolder(async (folder) => {
    const items = Array.from({ length: 1000 }, () => ["0.png", { POS: ["a"], NEG: ["b"] }]);
    const small = new RegExp(
      "Attribute/vg/state|swig_agent_(margin|medium|small)|swig_destination_|" +
        "swig_item_(margin|medium|small)|swig_tool_(margin|small)",
    );
    const smallest = "Object/Size/swig_size/swig_destination/swig_destination_small.json";
    const attributes = ["vg", "vaw"].flatMap((source) =>
      ["action", "color", "material", "size", "state"].map((n) => `Attribute/${source}/${n}.json`)
    );
    const relations = ["vg/action", "vg/spatial", "swig_action", "hake_action"]
      .map((name) => `Relation/${name}.json`);
    for (const path of [...attributes, ...checklistObjects, ...relations]) {
      await writeChecklist(
        folder,
        path,
        small.test(path) && !path.endsWith("_large.json") ? items.slice(0, 3) : items,
      );
    }
    await writeChecklistPictures(folder);
    const benchmark = vlChecklist({ images: folder, annotations: join(folder, "data") });
    const refusal = "expected the 9 items of vl_checklist/object/swig/destination_small in its " +
      "annotations, found 3";
    await expect(benchmark.check!(benchmarkContext())).rejects.toThrow(refusal);
    await writeChecklist(folder, smallest, items.slice(0, 9));
    await benchmark.check!(benchmarkContext());
  }));

Deno.test("flickr30kOrder: a caption before four shuffles of its words, the same every time", () =>
  withFolder(async (folder) => {
    const annotations = join(folder, "flickr.json");
    await writeJson(annotations, [
      { image: "flickr30k-images/0.png", caption: ["A big (dog) chases the small cat!", "Hi."] },
    ]);
    await writePicture(join(folder, "0.png"), 0);
    const encoder = {
      ...writtenEncoder(1),
      // All texts are equal: as the authors count, the caption wins every tie.
      texts: (texts: readonly string[]) => Promise.resolve(new Float32Array(texts.length).fill(1)),
    };
    const run = (seed: number) =>
      flickr30kOrder({ images: folder, annotations, partial: true, seed })
        .evaluate(encoder, benchmarkContext());
    const [evaluation] = await run(0);
    expect(evaluation).toMatchObject({
      dataset: "flickr30k_order",
      metrics: { acc: 1, strict_acc: 0 },
      partial: { of: 5000 },
    });
    const [first, second] = evaluation!.itemScores!;
    expect([first!.id, second!.id]).toEqual(["0/0", "0/1"]);
    const [caption, nouns, others, within, threes] = first!.texts!;
    expect(first!.texts!.length).toBe(5);
    expect(caption).toBe("a big dog chases the small cat");
    const words = (text: string) => text.split(" ").toSorted().join(" ");
    for (const shuffle of [nouns, others, within, threes]) {
      expect(words(shuffle!)).toBe(words(caption!));
    }
    // Only nouns and only adjectives change places: the rest stands where it stood.
    expect(nouns).toMatch(/^a (big|small) (dog|cat) chases the (big|small) (dog|cat)$/);
    expect(second!.texts).toEqual(["hi", "hi", "hi", "hi", "hi"]);
    expect(await run(0)).toEqual([evaluation]);
    const texts = await Promise.all(
      [1, 2, 3, 4].map(async (seed) => (await run(seed))[0]!.itemScores![0]!.texts!.join("|")),
    );
    expect(new Set(texts).size).toBeGreaterThan(1);
  }));

Deno.test("cocoOrder, flickr30kOrder: the shuffles are the same in every version", () =>
  withFolder(async (folder) => {
    const annotations = join(folder, "captions.json");
    const captions = [
      "A big (dog) chases the small cat!",
      "Two young girls in red dresses are playing with a yellow ball near the old fountain.",
      "A man riding a wave on top of a surfboard.",
    ];
    await writeJson(annotations, [
      { image: "0.png", caption: captions.slice(0, 1) },
      { image: "0.png", caption: captions.slice(1) },
    ]);
    await writePicture(join(folder, "0.png"), 0);
    const encoder = {
      ...writtenEncoder(1),
      texts: (texts: readonly string[]) => Promise.resolve(new Float32Array(texts.length).fill(1)),
    };
    const shuffles = async (benchmark: typeof cocoOrder, seed: number) => {
      const [evaluation] = await benchmark({ images: folder, annotations, partial: true, seed })
        .evaluate(encoder, benchmarkContext());
      return evaluation!.itemScores!.map(({ texts }) => texts!.slice(1));
    };
    // What the first version drew. Where this fails, scores no longer compare with earlier ones.
    expect(await shuffles(cocoOrder, 0)).toEqual([
      [
        "a big dog chases the small cat",
        "the big a dog chases small cat",
        "a big dog chases cat the small",
        "a big the small cat dog chases",
      ],
      [
        "two young girls in old dresses are playing with a red ball near the yellow fountain",
        "a young girls two red dresses in the are playing yellow ball near old fountain with",
        "two young girls red dresses in playing are with a ball yellow near old the fountain",
        "near the old fountain in red dresses a yellow ball two young girls are playing with",
      ],
      [
        "a wave riding a surfboard on top of a man",
        "on man a wave a top of riding surfboard a",
        "riding a man on wave a of top a surfboard",
        "top of a surfboard a man riding a wave on",
      ],
    ]);
    expect((await shuffles(flickr30kOrder, 7))[2]).toEqual([
      "a wave riding a man on top of a surfboard",
      "a man of a wave top on a surfboard riding",
      "a man riding a on wave of top a surfboard",
      "a wave on a man riding surfboard top of a",
    ]);
  }));

Deno.test("valse: only items that two annotators found valid, by phenomenon", async () => {
  await withFolder(async (folder) => {
    const annotations = join(golden, "valse");
    for await (const { name } of Deno.readDir(annotations)) {
      if (!name.endsWith(".json")) continue;
      const items: Record<string, { image_file: string }> = JSON.parse(
        await Deno.readTextFile(join(annotations, name)),
      );
      for (const { image_file } of Object.values(items)) {
        await Deno.writeFile(join(folder, image_file), new Uint8Array());
      }
    }
    // The pictures are not looked at: what is asked here is which items count.
    const encoder = {
      ...writtenEncoder(1),
      images: (count: number) => Promise.resolve(new Float32Array(count).fill(1)),
      texts: (texts: readonly string[]) =>
        Promise.resolve(Float32Array.from(texts, (text) => text.length)),
    };
    const evaluations = await valse({ images: folder, annotations, partial: true })
      .evaluate(encoder, benchmarkContext());
    const counts = Object.fromEntries(
      evaluations.map(({ dataset, items }) => [dataset, items]),
    );
    // Four items of each file; votes for the caption below 2 leave out one of existence,
    // counting-small-quant, counting-adversarial, action-replacement and actant-swap, and two of
    // coreference-standard.
    expect(counts).toMatchObject({
      "valse/existence": 3,
      "valse/counting": 4 + 3 + 3,
      "valse/actions": 3 + 3,
      "valse/coreference": 2 + 4,
      "valse": 37,
      "valse_phenomena": 37,
    });
    const [all, phenomena] = evaluations.slice(-2);
    expect([all!.parts!.length, phenomena!.parts!.length]).toEqual([11, 7]);
  });
});

Deno.test("BENCHMARKS: every benchmark says which pictures it needs, and tells its options", () => {
  for (const [name, { source, takes, create }] of Object.entries(BENCHMARKS)) {
    const needsPictures = takes.includes("images");
    if (needsPictures) expect(() => create({})).toThrow(source.pictures);
    const needsAnnotations = takes.includes("annotations") && source.annotations === null;
    const given = { limit: 3, ...(needsAnnotations ? { annotations: "x.json" } : {}) };
    const benchmark = create(needsPictures ? { images: "folder", ...given } : given);
    expect(benchmark.options).toMatchObject({ partial: false, limit: 3 });
    expect(benchmark.with({ limit: 4 }).options).toEqual({ ...benchmark.options, limit: 4 });
    expect(() => benchmark.with({ limt: 4 })).toThrow('did you mean "limit"?');
    expect([name, (benchmark as Benchmark).source]).toEqual([name, source]);
  }
});
