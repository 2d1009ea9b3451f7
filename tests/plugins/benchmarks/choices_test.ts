/**
 * Benchmarks of one right answer among several, in their published forms. Picture `n` is the axis `n`
 * and a text ends in its vector, so that a text's score with picture `n` is its value `n`.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { expect } from "expect";
import type { Benchmark } from "../../../core/benchmark.ts";
import type { Evaluation } from "../../../core/evaluator.ts";
import { negbenchRetrieval } from "../../../plugins/benchmarks/retrieval/negated_retrieval.ts";
import { crepe } from "../../../plugins/benchmarks/suites/crepe.ts";
import { halfTruths } from "../../../plugins/benchmarks/suites/half_truths.ts";
import { negbenchMcq } from "../../../plugins/benchmarks/suites/negbench.ts";
import { spec } from "../../../plugins/benchmarks/suites/spec.ts";
import { whatsUp } from "../../../plugins/benchmarks/suites/whats_up.ts";
import { benchmarkContext, writePicture, writtenEncoder } from "../../helpers/benchmark_fixture.ts";
import { withFolder } from "../../helpers/with_folder.ts";

async function scoresOf(benchmark: Benchmark): Promise<ReadonlyMap<string, Evaluation>> {
  const found = await benchmark.evaluate(writtenEncoder(4), benchmarkContext());
  return new Map(found.map((each) => [each.dataset, each]));
}

async function write(path: string, content: unknown): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  const text = typeof content === "string" ? content : JSON.stringify(content);
  await Deno.writeTextFile(path, text);
}

/** The right text first; the picture is the axis 0. */
const RIGHT = ["r @0.8", "s @0.5", "t @0.5", "u @0.1"];
const TIED = ["v @0.5", "w @0.5", "x @0.1", "y @0.1"];
const WRONG = ["z @0.1", "q @0.2", "p @0.1", "o @0.1"];

/** The six files of What'sUp, with these captions for one pair of objects and for another one. */
async function writeWhatsUp(
  folder: string,
  first: readonly string[][],
  second: readonly string[][],
) {
  const names = (places: string[], objects: readonly [string, string]) =>
    places.map((place) => `${objects[0]}_${place}_${objects[1]}.jpeg`);
  for (
    const [file, places] of [
      ["controlled_images", ["left_of", "right_of", "on", "under"]],
      ["controlled_clevr", ["left_of", "right_of", "in-front_of", "behind"]],
    ] as const
  ) {
    const all = [
      ...names([...places], ["beer-bottle", "armchair"]),
      ...names([...places], ["mug", "plate"]),
    ];
    await Deno.mkdir(join(folder, file), { recursive: true });
    for (const name of all) await writePicture(join(folder, file, name), 0);
    const captions = [...first, ...second];
    await write(
      join(folder, `${file}_dataset.json`),
      all.map((name, i) => ({
        image_path: `data/${file}/${name}`,
        caption_options: captions[i],
      })),
    );
  }
  await writePicture(join(folder, "000000000139.jpg"), 0);
  await writePicture(join(folder, "2345.jpg"), 0);
  const two = ([right, wrong]: readonly string[]) => [right, wrong];
  await write(join(folder, "coco_qa_one_obj.json"), [[139, ...two(RIGHT)], [139, ...two(WRONG)]]);
  await write(join(folder, "coco_qa_two_obj.json"), [[139, ...two(TIED)]]);
  await write(join(folder, "vg_qa_one_obj.json"), [[2345, ...two(RIGHT)]]);
  await write(join(folder, "vg_qa_two_obj.json"), [["2345", ...two(WRONG)]]);
}

Deno.test("whatsUp: items, pairs and sets, with ties as the authors count them, by hand", () =>
  withFolder(async (folder) => {
    // Left and right of the first two objects right, on and under not both; the second pair all right,
    // one of them by a tie.
    await writeWhatsUp(folder, [RIGHT, RIGHT, RIGHT, WRONG], [RIGHT, TIED, RIGHT, RIGHT]);
    const benchmark = whatsUp({
      images: [folder, join(folder, "controlled_images"), join(folder, "controlled_clevr")],
      annotations: folder,
      partial: true,
    });
    const found = await scoresOf(benchmark);
    expect(found.get("whats_up/a")).toMatchObject({
      items: 8,
      metrics: { acc: 7 / 8, strict_acc: 6 / 8 },
      chance: { acc: 1 / 4, strict_acc: 1 / 4 },
      partial: { of: 412, missing: [] },
    });
    // Four pairs, of which one is not right; strictly the tied one neither.
    expect(found.get("whats_up/a_pairs")).toMatchObject({
      items: 4,
      metrics: { acc: 3 / 4, strict_acc: 2 / 4 },
      chance: { acc: 1 / 16 },
      partial: { of: 206, missing: [] },
    });
    expect(found.get("whats_up/b_sets")).toMatchObject({
      items: 2,
      metrics: { acc: 1 / 2, strict_acc: 0 },
      partial: { of: 102, missing: [] },
    });
    expect(found.get("whats_up/b_sets")!.itemScores!.map(({ id }) => id))
      .toEqual(["beer-bottle and armchair", "mug and plate"]);
    expect(found.get("whats_up/coco_one")!.metrics["acc"]).toBe(1 / 2);
    expect(found.get("whats_up/coco_two")!.metrics).toEqual({ acc: 1, strict_acc: 0 });
    expect(found.get("whats_up/coco_two")!.chance!["acc"]).toBe(1 / 2);
    // 7/8, 7/8, 1/2, 1, 1, 0.
    expect(found.get("whats_up")!.metrics["macro_acc"]).toBeCloseTo(4.25 / 6, 12);
    expect(found.get("whats_up")).toMatchObject({
      headline: "macro_acc",
      partial: { of: 412 + 408 + 2247 + 440 + 1160 + 291 },
    });
  }));

Deno.test("whatsUp: with a limit, pairs that are not complete do not count", () =>
  withFolder(async (folder) => {
    await writeWhatsUp(folder, [RIGHT, WRONG, RIGHT, RIGHT], [RIGHT, RIGHT, RIGHT, RIGHT]);
    const found = await scoresOf(whatsUp({
      images: [folder, join(folder, "controlled_images"), join(folder, "controlled_clevr")],
      annotations: folder,
      partial: true,
      limit: 3,
    }));
    expect(found.get("whats_up/a_pairs")).toMatchObject({ items: 1, metrics: { acc: 0 } });
    expect(found.has("whats_up/a_sets")).toBe(false);
  }));

const TYPES = ["positive", "negative", "hybrid"] as const;

async function writeQuestions(folder: string): Promise<void> {
  const header = "correct_answer,caption_0,caption_1,caption_2,caption_3," +
    "correct_answer_template,image_path";
  const row = (right: number, texts: readonly string[], type: string) => {
    const [own, ...others] = texts;
    others.splice(right, 0, own!);
    return `${right},${others.map((text) => `"${text}"`).join(",")},${type},data/000000000139.jpg`;
  };
  const rows = [row(0, RIGHT, "positive"), row(0, TIED, "positive"), row(0, WRONG, "negative")]
    .concat(row(2, RIGHT, "hybrid"));
  const coco = join(folder, "COCO_val_mcq_llama3.1_rephrased.csv");
  await write(coco, [header, ...rows].join("\n"));
  await write(join(folder, "VOC2007_mcq_llama3.1_rephrased.csv"), [header, rows[0]].join("\r\n"));
  await writePicture(join(folder, "000000000139.jpg"), 0);
}

Deno.test("negbenchMcq: by type, with ties as the authors count them, by hand", () =>
  withFolder(async (folder) => {
    await writeQuestions(folder);
    const options = { images: folder, annotations: folder };
    const found = await scoresOf(negbenchMcq({ ...options, partial: true }));
    const of = (type: string) => found.get(`negbench/coco_mcq/${type}`)!;
    expect(TYPES.map((type) => of(type).metrics["acc"])).toEqual([1, 0, 1]);
    expect(TYPES.map((type) => of(type).metrics["strict_acc"])).toEqual([1 / 2, 0, 1]);
    // The right caption comes first, wherever it stands in the table.
    expect(of("hybrid").itemScores![0]!.texts).toEqual(RIGHT);
    expect(found.get("negbench/coco_mcq")).toMatchObject({
      headline: "acc",
      metrics: { acc: 3 / 4, macro_acc: 2 / 3 },
      chance: { acc: 1 / 4 },
      partial: { of: 5914 },
    });
    expect(found.get("negbench/voc2007_mcq")).toMatchObject({ items: 1, partial: { of: 5031 } });
    await expect(negbenchMcq(options).check!(benchmarkContext())).rejects.toThrow(
      "expected the 2032 items of negbench/coco_mcq/positive in its annotations, found 2",
    );
  }));

Deno.test("negbenchMcq: a broken table is refused with its row", () =>
  withFolder(async (folder) => {
    await writeQuestions(folder);
    const check = () =>
      negbenchMcq({ images: folder, annotations: folder }).check!(benchmarkContext());
    const coco = join(folder, "COCO_val_mcq_llama3.1_rephrased.csv");
    const header = (await Deno.readTextFile(coco)).split("\n")[0]!;
    await write(coco, `${header}\n0,a,b,c,d,neutral,x.jpg\n`);
    await expect(check()).rejects.toThrow(/rephrased\.csv, row 1, \["correct_answer_template"\]: /);
    await write(coco, `${header}\n0,a,b,c,d,positive,x.jpg,more\n`);
    await expect(check()).rejects.toThrow(/rephrased\.csv, row 1: expected a table of commas/);
  }));

Deno.test("negbenchRetrieval: recall and what negation costs of it, by hand", () =>
  withFolder(async (folder) => {
    const axes = ["1,0,0,0", "0,1,0,0", "0,0,1,0", "0,0,0,1"];
    const table = (captions: (n: number) => string[]) =>
      [
        "filepath,captions",
        ...axes.map((_, n) => {
          const list = captions(n).map((text) => `'${text}'`).join(", ");
          return `images/${n}.png,"[${list}]"`;
        }),
      ].join("\n");
    for (const n of axes.keys()) await writePicture(join(folder, `${n}.png`), n);
    // The last one's caption ties between its own picture and the one before.
    const own = axes.with(3, "0,0,0.5,0.5");
    await write(join(folder, "COCO_val_retrieval.csv"), table((n) => [`a @${own[n]}`]));
    await write(
      join(folder, "COCO_val_negated_retrieval_llama3.1_rephrased_affneg_true.csv"),
      // Two captions each: one finds its picture, the other is nearer to all others.
      table((
        n,
      ) => [`a, but no b @${axes[n]}`, `no @${axes[n]!.replace(/[01]/g, (x) => `${1 - +x}`)}`]),
    );
    const benchmark = negbenchRetrieval({ images: folder, annotations: folder });
    const found = await scoresOf(benchmark);
    const [plain, negated] = [...found.values()];
    expect(plain).toMatchObject({
      dataset: "negbench/coco_retrieval",
      headline: "image_retrieval_recall@5",
      metrics: {
        "image_retrieval_recall@1": 3 / 4,
        "image_retrieval_recall@5": 1,
        "text_retrieval_recall@1": 1,
      },
      chance: { "image_retrieval_recall@1": 1 / 4, "text_retrieval_recall@1": 1 / 4 },
    });
    // With four pictures every one is among the five nearest.
    expect(negated!.metrics).toMatchObject({
      "image_retrieval_recall@1": 1 / 2,
      "image_retrieval_recall@5": 1,
      "image_retrieval_recall@5_drop": 0,
    });
    // Two of eight captions are a picture's own: among five drawn none is with (6·5·4·3·2)/(8·7·6·5·4).
    expect(negated!.chance!["text_retrieval_recall@5"]).toBeCloseTo(1 - 720 / 6720, 12);
  }));

const NEGATIVES = ["atom", "swap", "negate"] as const;

Deno.test("crepe: parts of pictures, lists as Python shows them, means over complexities", () =>
  withFolder(async (folder) => {
    const header = "Unnamed: 0,image_id,x,y,width,height,caption,hard_negs";
    const row = (caption: string, negatives: string) =>
      `0,1,0,0,2,2,"${caption}","${negatives.replaceAll('"', '""')}"`;
    const right = row("a @0.8", `['b @0.5', "it's c @0.1"]`);
    const tied = row("a @0.5", "['b @0.5']");
    for (const kind of NEGATIVES) {
      for (let n = 4; n <= 12; n++) {
        const rows = n === 4 ? [right, tied, right] : [kind === "negate" ? tied : right];
        const name = `${kind}/prod_vg_hard_negs_${kind}_complexity_${n}.csv`;
        await write(join(folder, name), [header, ...rows].join("\n"));
      }
    }
    await writePicture(join(folder, "VG_100K_2/1.jpg"), 0).catch(() => {});
    await Deno.mkdir(join(folder, "VG_100K_2"), { recursive: true });
    await writePicture(join(folder, "VG_100K_2/1.jpg"), 0);
    const options = { images: [folder, join(folder, "VG_100K_2")], annotations: folder };
    const found = await scoresOf(crepe({ ...options, partial: true }));
    expect(found.get("crepe/atom/4")).toMatchObject({ items: 3, metrics: { acc: 2 / 3 } });
    // Items with three texts, with two and with three.
    expect(found.get("crepe/atom/4")!.chance!["acc"]).toBeCloseTo((1 / 3 + 1 / 2 + 1 / 3) / 3, 12);
    const atom = found.get("crepe/atom")!;
    expect(atom).toMatchObject({ headline: "acc", items: 11, partial: { missing: [] } });
    expect(atom.metrics["acc"]).toBeCloseTo(10 / 11, 12);
    expect(atom.metrics["macro_acc"]).toBeCloseTo((2 / 3 + 8) / 9, 12);
    expect(found.get("crepe/negate")!.metrics["acc"]).toBeCloseTo(2 / 11, 12);
    expect(found.get("crepe")!.metrics["macro_acc"])
      .toBeCloseTo((2 * (2 / 3 + 8) / 9 + 2 / 27) / 3, 12);
    await expect(crepe(options).check!(benchmarkContext())).rejects.toThrow(
      "crepe/atom: expected the 17698 items of its authors in its annotations, found 11",
    );
  }));

Deno.test("spec: both ways, the right candidate anywhere, a tie wrong, by hand", () =>
  withFolder(async (folder) => {
    const subsets = ["absolute_size", "relative_size", "absolute_spatial", "relative_spatial"]
      .concat("existence", "count");
    for (const subset of subsets) {
      await Deno.mkdir(join(folder, subset, "0"), { recursive: true });
      for (const red of [0, 1]) await writePicture(join(folder, subset, "0", `${red}.png`), red);
      await write(join(folder, subset, "image2text.json"), [
        { query: "0/0.png", keys: ["a @0.1", "b @0.5", "c @0.4"], label: 1 },
        { query: "0/1.png", keys: ["d @0,0.5", "e @0,0.5"], label: 0 },
      ]);
      await write(join(folder, subset, "text2image.json"), [
        { query: "f @0.2,0.7", keys: ["0/0.png", "0/1.png"], label: subset === "count" ? 0 : 1 },
        { query: "g @0.7,0.7", keys: ["0/0.png", "0/1.png"], label: 0 },
      ]);
    }
    const options = { images: folder, annotations: folder, partial: true };
    const found = await scoresOf(spec(options));
    expect(found.get("spec")!.partial).toMatchObject({ of: 30_000 });
    await expect(spec({ ...options, partial: false }).check!(benchmarkContext())).rejects.toThrow(
      "expected the 1500 items of spec/image2text/absolute_size in its annotations, found 2",
    );
    expect(found.get("spec/image2text/count")).toMatchObject({ items: 2, metrics: { acc: 1 / 2 } });
    expect(found.get("spec/image2text/count")!.chance!["acc"]).toBeCloseTo((1 / 3 + 1 / 2) / 2, 12);
    expect(found.get("spec/image2text/count")!.itemScores![0]!.texts)
      .toEqual(["b @0.5", "a @0.1", "c @0.4"]);
    expect(found.get("spec/text2image/existence")!.metrics).toEqual({ acc: 1 / 2 });
    expect(found.get("spec/text2image")!.metrics["macro_acc"]).toBeCloseTo(5 / 12, 12);
    expect(found.get("spec")!.metrics["macro_acc"]).toBeCloseTo((1 / 2 + 5 / 12) / 2, 12);
    await write(join(folder, "count/text2image.json"), [{
      query: "f",
      keys: ["a", "b"],
      label: 2,
    }]);
    await expect(spec(options).check!(benchmarkContext())).rejects.toThrow(
      /count\/text2image\.json, \[0\]\["label"\]: expected the position of one of the keys/,
    );
  }));

Deno.test("halfTruths: texts out of the authors' units, one of a picture, ties as theirs", () =>
  withFolder(async (folder) => {
    await writePicture(join(folder, "139.png"), 0);
    // A text's last words are its vector: of what is joined that is the second half's.
    const units = {
      sample_id: "139_0",
      original_caption: "Two children play in the snow.",
      image_path: "datasets/COCO/val2014/139.png",
      entities: ["Children @0.5", "snow @0.1"],
      negative_entities: {
        "snow @0.1": [
          { negative: "Grass @0.7", change_type: "object_change" },
          { negative: "wet snow @0.5", change_type: "attribute_change" },
        ],
        "Children @0.5": [{ negative: "the", change_type: "object_change" }],
      },
      relations: [{
        subject: "children @0.5",
        relation_type: "playing in",
        object: "snow @0.1",
        negatives: [
          {
            subject: "children @0.5",
            relation_type: "sleeping in",
            object: "snow @0.4",
            change_type: "antonym",
          },
        ],
      }],
    };
    await write(join(folder, "b.json"), [{ ...units, sample_id: "139_1" }]);
    await write(join(folder, "a.json"), [units]);
    const found = await scoresOf(halfTruths({ images: folder, annotations: folder }));
    const item = (name: string) => found.get(`half_truths/${name}`)!.itemScores![0]!;
    expect(item("entity_object").texts).toEqual(["children @0.5", "children @0.5 and grass @0.7"]);
    // .5 below .7; .5 as near as .5.
    expect(item("entity_object").correct).toEqual({ acc: false, strict_acc: false });
    expect(item("entity_attribute").correct).toEqual({ acc: true, strict_acc: false });
    expect(item("relation_swap").texts![1]).toBe("snow @0.1 playing in children @0.5");
    expect(item("relation_antonym").correct).toEqual({ acc: true, strict_acc: true });
    expect(item("relation_object").texts![1]).toBe("children @0.5 playing in grass @0.7");
    // "the" says nothing: there is no wrong subject. One caption of a picture counts.
    expect(found.has("half_truths/relation_subject")).toBe(false);
    expect(found.get("half_truths/relation_swap")!.items).toBe(1);
    expect(item("entity_object").id).toBe("139_0");
    expect(found.get("half_truths/entity")!.metrics["macro_acc"]).toBe(1 / 2);
    // entity: wrong, tied; relation: swap .5 tied, antonym .4 right, object .7 wrong, attribute tied.
    expect(found.get("half_truths")!.metrics).toMatchObject({ macro_acc: 4 / 6 });
    expect(found.get("half_truths")!.metrics["macro_strict_acc"]).toBeCloseTo(1 / 6, 12);
    expect(found.get("half_truths")!.headline).toBe("macro_acc");
  }));
