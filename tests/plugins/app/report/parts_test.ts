import { createAssets } from "../../../../core/host/assets/create_assets.ts";
import { joinPlugins } from "../../../../core/join_plugins.ts";
import { plugins } from "../../../../plugins/index.ts";
import { expect } from "expect";
import { stepAxis, valueAxis } from "../../../../plugins/app/report/axes.ts";
import { readSteps } from "../../../../plugins/app/report/read_steps.ts";
import sharp from "sharp";
import { createRandom } from "../../../../core/random.ts";
import type { Evaluation, ItemScore } from "../../../../core/evaluator.ts";
import {
  matchPairs,
  matchPictures,
  selectBothTexts,
  selectNearestPair,
  selectTrueOrder,
  selectTrueText,
} from "../../../../core/scoring/rules.ts";
import { tally } from "../../../../plugins/app/report/findings.ts";
import { html, jsonMarkup } from "../../../../plugins/app/report/html.ts";
import { chooseItems } from "../../../../plugins/app/report/items.ts";
import { marginOf, readItem, type Told } from "../../../../plugins/app/report/item_scores.ts";
import { findThumbnails, pictureFolders } from "../../../../plugins/app/report/thumbnails.ts";
import { percent, points, significant } from "../../../../plugins/app/report/numbers.ts";
import { directionOf, type ScoreRow } from "../../../../plugins/app/report/score_rows.ts";
import { lossSeries } from "../../../../plugins/app/report/series.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

Deno.test("tally: averages do not count beside what they average", () => {
  const row = (dataset: string, parts: number, difference: number): ScoreRow => ({
    ...{ dataset, task: "t", metric: "acc", headline: true, items: 10, parts, of: undefined },
    scores: [0.5, 0.5 + difference].map((value) => ({ value, interval: undefined })),
    changes: [{ difference, interval: { low: difference - 0.1, high: difference + 0.1 } }],
    bounds: { chance: undefined, words: undefined },
  });
  const rows = [row("a/one", 0, 0.2), row("a/two", 0, -0.05), row("a", 2, 0.15)];
  expect(tally("composition", rows)!.markup.replaceAll(/<[^>]*>/g, ""))
    .toBe("Of 2 scores of composition, 1 rose and none fell by more than chance explains.");
  expect(tally("composition", rows.slice(2))).toBeUndefined();
});

Deno.test("html: escapes values, keeps markup, leaves nothing of undefined and false", () => {
  const inner = html`<b>${`"it's" <&>`}</b>`;
  expect(inner.markup).toBe("<b>&quot;it&#39;s&quot; &lt;&amp;&gt;</b>");
  expect(html`${[inner, 3, undefined, false, ["<"]]}`.markup).toBe(`${inner.markup}3&lt;`);
  // What only looks like markup, as JSON could, is no Html: its own text is escaped.
  expect(jsonMarkup({ a: "</script><!--" }).markup).toBe(
    '{"a":"\\u003c/script>\\u003c!--"}',
  );
});

Deno.test("points, percent, significant: round as people read, with a true minus", () => {
  expect([0.125, -0.004, -0.0004, 0.0004, 0, undefined].map(points)).toEqual(
    ["+12.5", "−0.4", "0.0", "0.0", "0.0", "–"],
  );
  expect([0.625, 1, -0.0001, undefined].map(percent)).toEqual(["62.5", "100.0", "0.0", "–"]);
  expect([0, 0.123456, 12345.6, 1.5e-5, 1e-6, -2.5e7].map(significant)).toEqual(
    ["0", "0.1235", "12350", "1.5e−5", "1e−6", "−2.5e7"],
  );
});

Deno.test("directionOf: a change whose interval holds zero is even; without one its sign counts", () => {
  const of = (difference: number, low: number, high: number) =>
    directionOf({ difference, interval: { low, high } });
  expect([of(0.1, 0.05, 0.2), of(0.1, 0, 0.2), of(-0.1, -0.2, -0.05), of(-0.1, -0.2, 0.1)])
    .toEqual(["gain", "even", "loss", "even"]);
  expect([0.1, 0, -0.1].map((difference) => directionOf({ difference, interval: undefined })))
    .toEqual(["gain", "even", "loss"]);
});

Deno.test("lossSeries: joins as few steps as it must, and keeps their mean and range", () => {
  const steps = Array.from({ length: 7 }, (_, index) => ({
    step: index + 1,
    objective: "plain",
    loss: [4, 2, 6, 6, 1, 3, 5][index]!,
    terms: {},
    lr: 0.5,
    seconds: 1,
  }));
  const [loss, rate] = lossSeries(steps, 4);
  expect(loss).toEqual({
    of: "plain",
    name: "loss",
    points: [
      { step: 2, value: 3, smooth: 3, low: 2, high: 4 },
      { step: 4, value: 6, smooth: 6, low: 6, high: 6 },
      { step: 6, value: 2, smooth: 2, low: 1, high: 3 },
      { step: 7, value: 5, smooth: 5, low: 5, high: 5 },
    ],
    smooth: 1,
  });
  expect(rate!.of).toBeUndefined();
  expect(lossSeries(steps, 7)[0]!.points).toHaveLength(7);
  expect(lossSeries([])).toEqual([]);
});

Deno.test("lossSeries: of many steps each has the mean of those around it", () => {
  // A saw of 0 and 1: the mean of five values in a row is 2/5 or 3/5, of the first three 1/3.
  const steps = Array.from({ length: 80 }, (_, index) => ({
    ...{ step: index + 1, objective: "plain", loss: index % 2, terms: {}, lr: 0.5, seconds: 1 },
  }));
  const [loss, rate] = lossSeries(steps);
  expect(loss!.smooth).toBe(5);
  const smooth = loss!.points.map(({ smooth }) => smooth);
  expect(smooth[0]).toBeCloseTo(1 / 3, 12);
  expect(smooth[40]).toBeCloseTo(2 / 5, 12);
  expect(smooth[41]).toBeCloseTo(3 / 5, 12);
  expect(smooth[79]).toBeCloseTo(2 / 3, 12);
  expect(rate!.smooth).toBe(1);
});

/** An item of so many pictures, by what a rule says of its scores. */
function itemOf(
  images: number,
  texts: readonly string[],
  scores: readonly number[],
  correct: Readonly<Record<string, boolean>> = {},
): ItemScore {
  return {
    id: "0",
    ...(images === 0 ? {} : { images: Array.from({ length: images }, (_, i) => `${i}.jpg`) }),
    ...(texts.length === 0 ? {} : { texts }),
    scores,
    correct,
  };
}

Deno.test("marginOf: is above zero where a metric's rule says right, and nowhere else", () => {
  // The rules that the benchmarks score by, and how many pictures, texts and scores each is about.
  const rules = [
    { rule: selectTrueText, images: 1, texts: 2, scores: 2 },
    { rule: selectTrueOrder, images: 1, texts: 5, scores: 5 },
    { rule: selectBothTexts, images: 1, texts: 3, scores: 6 },
    { rule: selectNearestPair, images: 0, texts: 3, scores: 3 },
    { rule: matchPairs, images: 2, texts: 2, scores: 4 },
    { rule: matchPictures, images: 2, texts: 2, scores: 4 },
    // SVO-Probes: two pictures, one sentence.
    { rule: selectTrueText, images: 2, texts: 1, scores: 2 },
    // SugarCrepe's rule on the items of the embedded world, which have a second true text.
    {
      rule: ([own, , other]: readonly number[]) => ({ acc: own! > other! }),
      images: 1,
      texts: 3,
      scores: 6,
    },
  ];
  const random = createRandom(0, "margins");
  const found = new Map<string, Set<boolean>>();
  for (const { rule, images, texts, scores } of rules) {
    for (let round = 0; round < 100; round++) {
      const cosines = Array.from({ length: scores }, () => random.next());
      const correct = rule(cosines);
      const names = Array.from({ length: texts }, (_, index) => `text ${index}`);
      const { rivals } = readItem(itemOf(images, names, cosines, correct));
      expect(Object.keys(rivals)).toEqual(Object.keys(correct));
      for (const [metric, isRight] of Object.entries(correct)) {
        expect({ metric, cosines, isRight: marginOf(cosines, rivals[metric])! > 0 })
          .toEqual({ metric, cosines, isRight });
        const key = `${metric} ${images} ${texts}`;
        found.set(key, (found.get(key) ?? new Set()).add(isRight));
      }
    }
  }
  // Both answers came up for every metric, so neither was compared in vain.
  expect([...found.values()].every(({ size }) => size === 2)).toBe(true);
});

Deno.test("readItem, marginOf: tell what each kind of item compares", () => {
  const marginBy = (metric: string, item: ItemScore) =>
    marginOf(
      item.scores,
      readItem({ ...item, correct: { ...item.correct, [metric]: true } }).rivals[metric],
    );
  // SugarCrepe, ARO: the true text against the nearest false one.
  const choice = itemOf(1, ["t", "f", "g"], [0.5, 0.2, 0.4]);
  expect(readItem(choice)).toMatchObject({ texts: [], rows: told("+t", "-f", "-g") });
  expect(marginBy("acc", choice)).toBeCloseTo(0.1, 12);
  // SugarCrepe++: the farther of two true texts against the false one; and of the texts alone.
  const pairs = told(
    "the true texts with each other",
    "the first true text with the false one",
    "the second true text with the false one",
  );
  const both = itemOf(1, ["a", "b", "f"], [0.5, 0.4, 0.2, 0.9, 0.85, 0.7]);
  expect(readItem(both)).toMatchObject({
    texts: [],
    rows: [...told("+a", "+b", "-f"), ...pairs],
  });
  expect(marginBy("acc", both)).toBeCloseTo(0.3, 12);
  expect(marginBy("itt_acc", both)).toBeCloseTo(0.2, 12);
  expect(marginBy("tot_acc", both)).toBeCloseTo(0.05, 12);
  const alone = itemOf(0, ["a", "b", "f"], [0.9, 0.8, 0.7]);
  expect(readItem(alone)).toMatchObject({ texts: told("+a", "+b", "-f"), rows: pairs });
  expect(marginBy("tot_acc", alone)).toBeCloseTo(0.1, 12);
  // Winoground: what belongs together against what does not, by picture, by text, or both ways.
  const matched = itemOf(2, ["a", "b"], [0.6, 0.3, 0.4, 0.45], { text_acc: true });
  expect(readItem(matched).rows).toEqual(
    told("+picture 1: a", "-picture 1: b", "-picture 2: a", "+picture 2: b"),
  );
  expect(marginBy("text_acc", matched)).toBeCloseTo(0.05, 12);
  expect(marginBy("image_acc", matched)).toBeCloseTo(0.15, 12);
  expect(marginBy("acc", matched)).toBeCloseTo(0.05, 12);
  // COLA: by text alone.
  expect(marginBy("acc", { ...matched, correct: {} })).toBeCloseTo(0.15, 12);
  // SVO-Probes: two pictures, one sentence.
  const verb = itemOf(2, ["s"], [0.3, 0.35]);
  expect(readItem(verb).rows).toEqual(told("+picture 1: s", "-picture 2: s"));
  expect(marginBy("acc", verb)).toBeCloseTo(-0.05, 12);
  // Retrieval: a caption's picture; a picture's captions, which stand with other items.
  const recall = "text_retrieval_recall@1";
  expect(readItem(itemOf(1, ["c"], [0.3, 0.2]))).toMatchObject({
    texts: told("+c"),
    rows: told("its own picture", "the nearest other picture"),
  });
  const query = itemOf(1, [], [0.3, 0.2]);
  expect(readItem(query, ["c", "d"])).toMatchObject({
    texts: told("+c", "+d"),
    rows: told("the nearest of its own texts", "the nearest other text"),
  });
  expect(marginBy(recall, query)).toBeCloseTo(0.1, 12);
  // A single pair: there is no other.
  expect(readItem(itemOf(1, [], [0.3])).rows).toEqual(told("the nearest of its own texts"));
  expect(marginBy(recall, itemOf(1, [], [0.3]))).toBeUndefined();

  /** What is true with a plus before it, what is false with a minus. */
  function told(...marked: string[]): Told[] {
    return marked.map((text) =>
      /^[+-]/.test(text)
        ? { text: text.slice(1), truth: text.startsWith("+") }
        : { text, truth: null }
    );
  }
});

Deno.test("pictureFolders: where each evaluator has its pictures", () => {
  const evaluators = [
    { name: "sugarCrepe", images: "val2017" },
    { name: "valse", images: ["visual7w", "val2017"] },
    { name: "sugarCrepePp", images: null },
    { name: "linearProbe", images: "pets", format: "folder" },
    { name: "linearProbe", images: "cifar", format: "cifar10" },
    { name: "captionRetrieval", data: { name: "captions", path: "a/b_c.csv", images: null } },
    { name: "captionRetrieval", data: { name: "captions", path: "c.json", images: "photos" } },
    { name: "scenesPairs", items: 3 },
  ];
  expect(pictureFolders({ evaluators })).toEqual(
    ["val2017", "visual7w", "pets/test", "cifar", "a/b_c.csv"].concat(
      ["a", "a/images", "a/b_c", "a/c", "images", "b_c", "c", "photos"],
    ),
  );
  expect(pictureFolders(undefined)).toEqual([]);
});

Deno.test("findThumbnails: finds a picture of CIFAR by its row", () =>
  withFolder(async (folder) => {
    // Two rows of CIFAR-100: two labels, then the planes of red, green and blue. The second is blue.
    const row = (rgb: readonly number[]) => [
      0,
      0,
      ...rgb.flatMap((value) => new Array<number>(1024).fill(value)),
    ];
    const bytes = Uint8Array.from([...row([255, 0, 0]), ...row([0, 0, 255])]);
    await Deno.writeFile(`${folder}/test.bin`, bytes);
    const names = ["test.bin/1", "test.bin/2", "other.bin/0", "train.bin/0"];
    const found = await findThumbnails(names, {
      folders: [folder],
      most: 9,
      size: 64,
      assets: createAssets({ cache: folder, offline: true }),
      picture: joinPlugins(plugins).picture,
    });
    expect([...found.keys()]).toEqual(["test.bin/1"]);
    const png = Uint8Array.fromBase64(found.get("test.bin/1")!.split(",")[1]!);
    const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([32, 32]);
    expect([info.format, info.channels, ...data.subarray(0, 3)]).toEqual(["raw", 3, 0, 0, 255]);
    expect([...data.subarray(-3)]).toEqual([0, 0, 255]);
  }));

Deno.test("chooseItems: a picture that looks for its captions is told with them", () => {
  const evaluation: Evaluation = {
    dataset: "photos",
    task: "zeroshot_retrieval",
    metrics: {},
    items: 1,
    headline: "image_retrieval_recall@5",
    itemScores: [
      ...["one", "two"].map((text): ItemScore => ({
        id: text,
        images: ["a.jpg"],
        texts: [text],
        scores: [0.4, 0.3],
        correct: { "image_retrieval_recall@5": true },
      })),
      {
        id: "a.jpg",
        images: ["a.jpg"],
        scores: [0.4, 0.3],
        correct: { "text_retrieval_recall@5": true },
      },
    ],
  };
  const { items } = chooseItems([{ stage: "before", evaluations: [evaluation] }], 10);
  expect(items.map(({ texts }) => texts.map(({ text }) => text))).toEqual(
    [["one"], ["two"], ["one", "two"]],
  );
  // What decides of a picture is a metric that it counts in.
  expect(items[2]!.metric).toBe("text_retrieval_recall@5");
});

Deno.test("chooseItems: data sets share what there is room for; rivals of both stages are named", () => {
  const evaluation = (dataset: string, count: number, rival: string) => ({
    dataset,
    task: "zeroshot_classification",
    metrics: { acc1: 1 },
    items: count,
    headline: "acc1",
    itemScores: Array.from({ length: count }, (_, index) => ({
      id: `${index}`,
      texts: ["cat", rival],
      images: [`${index}.jpg`],
      scores: [0.4, 0.3],
      correct: { acc1: true },
    })),
  });
  const stage = (name: string, rival: string) => ({
    stage: name,
    evaluations: [evaluation("few", 2, rival), evaluation("many", 50, rival)],
  });
  const { items, of } = chooseItems([stage("before", "dog"), stage("after", "fox")], 10);
  expect(of).toBe(52);
  // Of ten each may have five; the first has but two, so the other takes eight.
  expect(items.filter(({ subset }) => subset === 0)).toHaveLength(2);
  expect(items.filter(({ subset }) => subset === 1)).toHaveLength(8);
  expect(items[0]!.rows).toEqual([
    { text: "cat", truth: true },
    { text: "dog → fox", truth: false },
  ]);
});

Deno.test("valueAxis: ends at round values, and leaves room around one that never changes", () => {
  expect(valueAxis(0.13, 0.87)).toMatchObject({ from: 0, to: 1 });
  expect(valueAxis(2, 2)).toMatchObject({ from: 1.8, to: 2.2 });
  expect(valueAxis(100, 100, 100)).toMatchObject({ from: 90, to: 100 });
  expect(valueAxis(0, 0)).toMatchObject({ from: -1, to: 1 });
  expect(stepAxis(1500).format(1500)).toBe("1.5k");
});

Deno.test("readSteps: steps with where their lines end; from there on only what follows", () =>
  withFolder(async (folder) => {
    const path = `${folder}/metrics.jsonl`;
    expect(await Array.fromAsync(readSteps(path))).toEqual([]);
    const step = { step: 1, objective: "clic", loss: 0.5, lr: 0.25 };
    const line = `${JSON.stringify(step)}\n`;
    await Deno.writeTextFile(path, `{"step":0,"note":"é"}\n${line}${line}{"step":2`);
    const whole = { ...step, terms: {}, seconds: 0 };
    // The note takes 23 bytes, with two for é and the line's end.
    const ends = [23 + line.length, 23 + 2 * line.length];
    expect(await Array.fromAsync(readSteps(path)))
      .toEqual(ends.map((end) => ({ step: whole, end })));
    expect(await Array.fromAsync(readSteps(path, ends[0]))).toEqual([{
      step: whole,
      end: ends[1],
    }]);
    await Deno.writeTextFile(path, `${line}{"loss":1}\n`);
    await expect(Array.fromAsync(readSteps(path))).rejects.toThrow(`${path}:2: `);
    await expect(Array.fromAsync(readSteps(path, line.length)))
      .rejects.toThrow(`${path}, line 1 from byte ${line.length}: `);
  }));
