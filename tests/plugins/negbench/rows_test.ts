import { expect } from "expect";
import type { PrepareContext } from "../../../core/prepare_context.ts";
import { clipNormalization } from "../../../plugins/clip/normalization.ts";
import { negations } from "../../../plugins/con_clip/negations.ts";
import { negFullRows } from "../../../plugins/negbench/rows.ts";
import { localAssets } from "../../helpers/local_assets.ts";
import { memoryDataSet } from "../../helpers/memory_data_set.ts";

const data = memoryDataSet(["A dog on a sofa", "A cat in a box", "Running!"].map((caption, i) => ({
  captions: [caption],
  picture: { width: 4, height: 4, color: [80 * i, 0, 0] as const },
})));
const preprocessing = { ...clipNormalization, size: 4 };
const compose = { data, preprocessing, seed: 2, epoch: 0 };
// What the rows need of it.
const prepare = {
  data,
  assets: localAssets,
  log: () => {},
  rehearsal: false,
} as unknown as PrepareContext;

Deno.test("negFullRows: a caption that denies, and its question; else the caption alone", async () => {
  const rows = await negFullRows().prepare!(prepare);
  expect(rows.groups).toEqual({ caption: 1, answer: 4 });
  const [row] = await rows.compose(0, compose);
  expect(row!.image.data[0]).toBe(0);
  const { caption: [caption], answer } = row!.texts;
  expect(caption).toMatch(/dog on a sofa.* no (cat|box)$|^No (cat|box), but a dog on a sofa$/);
  expect(answer.length).toBe(4);
  expect(answer.every((each) => each !== null)).toBe(true);
  expect((await rows.compose(0, compose))[0]!.texts).toEqual(row!.texts);
  const [plain] = await rows.compose(2, compose);
  expect(plain!.texts).toEqual({ caption: ["Running!"], answer: [null, null, null, null] });
});

Deno.test("negFullRows: refuses a generator that makes no question", () => {
  expect(() => negFullRows({ questions: negations() })).toThrow(
    "expected a generator of 3 texts or more: a caption, a right and a wrong answer",
  );
});
