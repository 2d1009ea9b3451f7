/**
 * CLIC's texts, without decoding and resizing pictures: `deno bench -A bench/clic_compose_bench.ts`.
 * The rows without a tagger's work show its share.
 */
import { createRandom } from "../core/random.ts";
import type { DataSet } from "../core/dataset.ts";
import { drawPair, type PairSettings } from "../plugins/clic/draw_pair.ts";
import type { Tagger } from "../plugins/language/tagger.ts";
import { winkTagger } from "../plugins/language/wink_tagger.ts";
import sample from "../tests/data/captions_sample.json" with { type: "json" };
import { memoryDataSet } from "../tests/helpers/memory_data_set.ts";

const picture = { width: 4, height: 3, color: [0, 0, 0] } as const;
const data: DataSet = memoryDataSet(sample.captions.map((captions) => ({ captions, picture })));
const remembered = winkTagger();

type Settings = Omit<PairSettings, "tagger">;
const released: Settings = {
  positives: 4,
  negatives: 1,
  selfPairing: true,
  fallback: "any-token",
  replacement: "pattern",
};
const strict: Settings = {
  positives: 4,
  negatives: 1,
  selfPairing: false,
  fallback: "redraw",
  replacement: "token",
};

let epoch = 0;
async function rows(tagger: Tagger, settings: Settings): Promise<void> {
  epoch++;
  for (let index = 0; index < data.length; index++) {
    const random = createRandom(0, "clic", epoch, index);
    await drawPair(data, index, "wider", random, { ...settings, tagger });
  }
}

const cold = winkTagger({ cache: 0 });
for (const [preset, settings] of Object.entries({ released, strict })) {
  Deno.bench(`${data.length} ${preset} rows, every caption tagged anew`, async () => {
    await rows(cold, settings);
  });
  Deno.bench(`${data.length} ${preset} rows, captions remembered`, async () => {
    await rows(remembered, settings);
  });
}
