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
    const { caption: [caption], paraphrase: [paraphrase], negative } = await compose(0);
    seen.add(caption!);
    expect([caption, paraphrase].sort()).toEqual(captions.toSorted());
    expect(negative.length).toBe(2);
    for (const each of negative) {
      expect(each!.toLowerCase().split(" ").sort())
        .toEqual(caption!.toLowerCase().split(" ").sort());
    }
    expect((await compose(1)).paraphrase).toEqual([null]);
  }
  expect(seen.size).toBe(2);
});
