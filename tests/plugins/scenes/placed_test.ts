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

Deno.test("sentences: placed ones tell where single objects are, or how many there are", () => {
  const { encode, unknown } = wordTokenizer(widerVocabulary());
  const told = Array.from(
    { length: 2000 },
    (_, seed) => sentences(scene, createRandom("placed", seed), 1, "placed")[0]!,
  );
  const counted = told.filter((text) => /\bobjects?\b/.test(text));
  const placed = told.filter((text) =>
    /(?:at the (?:top|bottom)|on the (?:left|right))$/.test(text)
  );
  for (const text of told) expect(encode(text, 64)).not.toContain(unknown);
  for (const text of counted) expect(text).toMatch(/\btwo objects$/);
  for (const text of placed) {
    const isCircle = /\b(circle|disc)\b/.test(text);
    expect(/\b(box|block)\b/.test(text)).toBe(!isCircle);
    expect(text).not.toMatch(isCircle ? /bottom|right/ : /top|right/);
    expect(text).not.toMatch(isCircle ? /blue|small|tiny/ : /red|large|big/);
  }
  // Drawn are a tenth and a half; what is too short is drawn again: "two objects" and "a red circle".
  expect(counted.length / 2000).toBeGreaterThan(0.04);
  expect(counted.length / 2000).toBeLessThan(0.16);
  expect(placed.length / 2000).toBeGreaterThan(0.45);
  expect(placed.length / 2000).toBeLessThan(0.7);
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
    expect(data.record(other).captions).toContain(rows[1]!.texts.caption[0]);
  }
});
