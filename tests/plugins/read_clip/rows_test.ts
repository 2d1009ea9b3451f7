import { expect } from "expect";
import { clipNormalization } from "../../../plugins/clip/normalization.ts";
import { readClipRows } from "../../../plugins/read_clip/rows.ts";
import { memoryDataSet } from "../../helpers/memory_data_set.ts";

Deno.test("readClipRows: caption and paraphrase are two captions of the picture; none where it has one", async () => {
  const captions = ["A dog sits on a sofa", "A sofa is under a dog"];
  const data = memoryDataSet([captions, ["A red bus"]].map((each) => ({
    captions: each,
    picture: { width: 4, height: 4, color: [1, 2, 3] as const },
  })));
  const preprocessing = { ...clipNormalization, size: 4 };
  const seen = new Set<string>();
  for (let epoch = 0; epoch < 8; epoch++) {
    const compose = async (index: number) =>
      (await readClipRows({ times: 2 }).compose(index, { data, preprocessing, seed: 1, epoch }))[0]!
        .texts;
    const { caption: [caption], paraphrase: [paraphrase], negative, label } = await compose(0);
    // The other one, as there are two.
    expect(label).toEqual([paraphrase]);
    seen.add(caption!);
    expect([caption, paraphrase].sort()).toEqual(captions.toSorted());
    expect(negative.length).toBe(2);
    for (const each of negative) {
      expect(each!.toLowerCase().split(" ").sort())
        .toEqual(caption!.toLowerCase().split(" ").sort());
    }
    const single = await compose(1);
    expect([single.paraphrase, single.label]).toEqual([[null], [null]]);
  }
  expect(seen.size).toBe(2);
});

Deno.test("readClipRows: released, the label is any of the captions, the caption itself too", async () => {
  const captions = ["one dog", "two dogs"];
  const data = memoryDataSet([
    { captions, picture: { width: 4, height: 4, color: [1, 2, 3] as const } },
  ]);
  const preprocessing = { ...clipNormalization, size: 4 };
  const rows = readClipRows({ preset: "released", times: 1 });
  const same = new Set<boolean>();
  for (let epoch = 0; epoch < 12; epoch++) {
    const [row] = await rows.compose(0, { data, preprocessing, seed: 1, epoch });
    same.add(row!.texts.label[0] === row!.texts.caption[0]);
  }
  expect(same).toEqual(new Set([true, false]));
});
