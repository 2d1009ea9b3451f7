/**
 * Hard negatives of 10,000 captions, with the caches of tags and proposals warm:
 * `deno bench -A bench/negatives_bench.ts`.
 */
import { createRandom } from "../core/random.ts";
import { ceClipNegatives } from "../plugins/ce_clip/negatives.ts";
import type { NegativeGenerator } from "../core/negative_generator.ts";
import { winkTagger } from "../plugins/language/wink_tagger.ts";
import { negclipSwaps } from "../plugins/negclip/swaps.ts";
import sample from "../tests/data/captions_sample.json" with { type: "json" };

const distinct = sample.captions.flat();
const captions = Array.from({ length: 10_000 }, (_, i) => distinct[i % distinct.length]!);
const tagger = winkTagger();

let epoch = 0;
async function makeAll(generator: NegativeGenerator): Promise<void> {
  epoch++;
  for (const [i, caption] of captions.entries()) {
    await generator.generate(caption, createRandom(0, epoch, i));
  }
}

const generators: Readonly<Record<string, NegativeGenerator>> = {
  "negclipSwaps, strict": negclipSwaps({ tagger }),
  "negclipSwaps, released": negclipSwaps({ tagger, preset: "released" }),
  "ceClipNegatives, four slots with WordNet": ceClipNegatives({ tagger }),
};

for (const [name, generator] of Object.entries(generators)) {
  await makeAll(generator);
  Deno.bench(`${captions.length} captions: ${name}`, { n: 3, warmup: 0 }, async () => {
    await makeAll(generator);
  });
}
