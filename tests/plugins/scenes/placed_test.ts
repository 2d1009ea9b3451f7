import { expect } from "expect";
import type { Context } from "../../../core/context.ts";
import type { ComposeContext } from "../../../core/objective.ts";
import { createRandom } from "../../../core/random.ts";
import { exchangePlaces, twinOf } from "../../../plugins/scenes/exchange.ts";
import type { Scene } from "../../../plugins/scenes/scene.ts";
import { scenes } from "../../../plugins/scenes/scenes.ts";
import { sentences } from "../../../plugins/scenes/sentences.ts";
import { twins } from "../../../plugins/scenes/twins.ts";
import { widerVocabulary } from "../../../plugins/scenes/vocabulary.ts";
import { wordTokenizer } from "../../../plugins/scenes/word_tokenizer.ts";
import { object } from "../../helpers/scene_fixture.ts";

/** A large red circle at the top left, a small blue box at the bottom left. */
const scene: Scene = {
  orientation: "wider",
  background: "gray",
  light: [0, 0, 0, 0],
  objects: [
    object({ y: 0.25 }),
    object({ shape: "box", colour: "blue", size: "small", x: 0.25, y: 0.75 }),
  ],
};

/** A caption at one place of many lists of placed captions. */
const toldAt = (place: number): string[] =>
  Array.from(
    { length: 2000 },
    (_, seed) => sentences(scene, createRandom("placed", seed), place + 1, "placed")[place]!,
  );

const saysPlace = (text: string) => /(?:at the (?:top|bottom)|on the (?:left|right))$/.test(text);

/** What is said of the circle is not of the box, and the other way round. */
function expectTrue(text: string): void {
  const isCircle = /\b(circle|disc)\b/.test(text);
  expect(/\b(box|block)\b/.test(text)).toBe(!isCircle);
  expect(text).not.toMatch(isCircle ? /bottom|right/ : /top|right/);
  expect(text).not.toMatch(isCircle ? /blue|small|tiny/ : /red|large|big/);
}

Deno.test("sentences: of placed ones the first labels all objects, or says where one is", () => {
  const { encode, unknown } = wordTokenizer(widerVocabulary());
  const told = toldAt(0);
  const labels = [
    ["topleftcircle", "topleftred", "topleftlarge", "topleftsolid"],
    ["bottomleftbox", "bottomleftblue", "bottomleftsmall", "bottomleftsolid"],
  ].flat().sort();
  const labelled = told.filter((text) => /left(circle|box)/.test(text));
  const isLabelled = new Set(labelled);
  for (const text of told) {
    expect(encode(text, 64)).not.toContain(unknown);
    if (isLabelled.has(text)) continue;
    expect(saysPlace(text)).toBe(true);
    expectTrue(text);
  }
  for (const text of labelled) expect(text.split(", ").sort()).toEqual(labels);
  expect(new Set(labelled).size).toBeGreaterThan(1000);
  // Drawn are three quarters; words that are too short are drawn again.
  expect(Math.abs(labelled.length / 2000 - 0.75)).toBeLessThan(0.05);
});

Deno.test("sentences: other placed ones tell where single objects are, or how many there are", () => {
  const { encode, unknown } = wordTokenizer(widerVocabulary());
  const told = toldAt(1);
  const counted = told.filter((text) => /\bobjects?\b/.test(text));
  const placed = told.filter(saysPlace);
  for (const text of told) expect(encode(text, 64)).not.toContain(unknown);
  for (const text of counted) expect(text).toMatch(/\btwo objects$/);
  for (const text of placed) expectTrue(text);
  // Drawn are a tenth and four tenths; what is too short is drawn again: "two objects".
  expect(counted.length / 2000).toBeGreaterThan(0.04);
  expect(counted.length / 2000).toBeLessThan(0.16);
  expect(placed.length / 2000).toBeGreaterThan(0.36);
  expect(placed.length / 2000).toBeLessThan(0.6);
});

Deno.test("twinOf: two objects change places, a single one goes to the opposite corner", () => {
  const [circle, box] = scene.objects as [typeof scene.objects[0], typeof scene.objects[0]];
  const exchanged = [{ ...circle, y: 0.75 }, { ...box, y: 0.25 }];
  expect(twinOf(scene).objects).toEqual(exchanged);
  expect(exchangePlaces(scene).objects).toEqual(exchanged);
  const single = { ...scene, objects: [circle] };
  expect(twinOf(single).objects).toEqual([{ ...circle, x: 0.75, y: 0.75 }]);
  expect(() => exchangePlaces(single)).toThrow(RangeError);
});

Deno.test("scenes: every second one is its predecessor's twin, told for itself", async () => {
  const options = { length: 40, seed: 1, telling: "placed", twins: true } as const;
  const data = await scenes(options).open({} as Context);
  const alone = await scenes({ ...options, twins: false }).open({} as Context);
  for (let index = 0; index < 40; index += 2) {
    const [own, twin] = await Promise.all([data.pixels(index), data.pixels(index + 1)]);
    expect(own).toEqual(await alone.pixels(index));
    // The same pixels in other places: as bright in all, but for the patterns' places and the light.
    const sum = ({ data }: typeof own) => data.reduce((total, value) => total + value, 0);
    expect(Math.abs(sum(twin) / sum(own) - 1)).toBeLessThan(0.03);
    expect(twin.data).not.toEqual(own.data);
    expect(data.record(index + 1).captions).not.toEqual(data.record(index).captions);
  }
});

Deno.test("twins: gives the rows of a scene and its twin", async () => {
  const data = await scenes({ length: 8, seed: 1, telling: "placed", twins: true })
    .open({} as Context);
  const context = {
    ...{ data, seed: 0, epoch: 0 },
    preprocessing: { size: 48, mean: [0, 0, 0], deviation: [1, 1, 1] },
  } as unknown as ComposeContext;
  for (const [index, other] of [[4, 5], [5, 4]] as const) {
    const rows = await twins().compose(index, context);
    expect(rows.map(({ id }) => id)).toEqual([`scenes/1/${index}`, `scenes/1/${other}`]);
    expect(rows.map(({ shows }) => shows)).toEqual([[index], [other]]);
    expect(rows[1]!.texts.caption[0]).toBe(data.record(other).captions[0]);
  }
});
