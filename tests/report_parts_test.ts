import { expect } from "expect";
import type { ItemScore } from "../mod.ts";
import { html, jsonMarkup } from "../plugins/report/html.ts";
import { chooseItems } from "../plugins/report/items.ts";
import { labelsOf, marginOf } from "../plugins/report/item_scores.ts";
import { percent, points, significant } from "../plugins/report/numbers.ts";
import { directionOf } from "../plugins/report/score_rows.ts";
import { lossSeries } from "../plugins/report/series.ts";

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
      { step: 2, value: 3, low: 2, high: 4 },
      { step: 4, value: 6, low: 6, high: 6 },
      { step: 6, value: 2, low: 1, high: 3 },
      { step: 7, value: 5, low: 5, high: 5 },
    ],
  });
  expect(rate!.of).toBeUndefined();
  expect(lossSeries(steps, 7)[0]!.points).toHaveLength(7);
  expect(lossSeries([])).toEqual([]);
});

Deno.test("labelsOf, marginOf: know what the cosines of each kind of item compare", () => {
  const item = (images: number, texts: string[], scores: number[]): ItemScore => ({
    id: "0",
    ...(images === 0 ? {} : { images: Array.from({ length: images }, (_, i) => `${i}.jpg`) }),
    ...(texts.length === 0 ? {} : { texts }),
    scores,
    correct: {},
  });
  const cases: [ItemScore, string[], number][] = [
    // SugarCrepe, ARO: the true text against the nearest false one.
    [item(1, ["t", "f", "g"], [0.5, 0.2, 0.4]), ["t", "f", "g"], 0.1],
    // SugarCrepe++: the farther of two true texts against the false one; and of the texts alone.
    [
      item(1, ["a", "b", "f"], [0.5, 0.4, 0.2, 0.9, 0.8, 0.7]),
      ["a", "b", "f", "text 1 with text 2", "text 1 with text 3", "text 2 with text 3"],
      0.2,
    ],
    [
      item(0, ["a", "b", "f"], [0.9, 0.8, 0.7]),
      ["text 1 with text 2", "text 1 with text 3", "text 2 with text 3"],
      0.1,
    ],
    // Winoground: the lesser of what belongs together against the greater of what does not.
    [
      item(2, ["a", "b"], [0.6, 0.3, 0.2, 0.5]),
      ["picture 1: a", "picture 1: b", "picture 2: a", "picture 2: b"],
      0.2,
    ],
    // SVO-Probes: two pictures, one sentence.
    [item(2, ["s"], [0.3, 0.35]), ["picture 1: s", "picture 2: s"], -0.05],
    // Retrieval of texts: a picture's own text and the nearest other, which have no names.
    [item(1, [], [0.3, 0.2]), ["its own", "nearest other"], 0.1],
  ];
  for (const [each, labels, margin] of cases) {
    expect(labelsOf(each)).toEqual(labels);
    expect(marginOf(each)).toBeCloseTo(margin, 12);
  }
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
  expect(items[0]!.labels).toEqual(["cat", "dog → fox"]);
});
