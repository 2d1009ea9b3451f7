/**
 * REPLACE negatives: `deno bench -A bench/clove_replace_bench.ts`. The goal is 10,000 captions in 10
 * seconds on one core, once the caches of the tagger and of WordNet's proposals are warm.
 */
import { createRandom } from "../core/random.ts";
import { parseCaption } from "../plugins/clove/parse_caption.ts";
import { replace } from "../plugins/clove/replace.ts";
import { winkTagger } from "../plugins/language/wink_tagger.ts";
import sample from "../tests/data/captions_sample.json" with { type: "json" };

const COUNT = 10_000;
const all = sample.captions.flat();
const captions = Array.from({ length: COUNT }, (_, i) => all[i % all.length]!);

const generator = replace();
let epoch = 0;

async function negatives(): Promise<number> {
  epoch++;
  let count = 0;
  for (const [i, caption] of captions.entries()) {
    const [negative] = await generator.generate(caption, createRandom(0, "bench", epoch, i));
    if (negative !== null) count++;
  }
  return count;
}

const tagger = winkTagger();
const tokens = captions.map((caption) => tagger.tag(caption));

// Warm caches: every caption of the sample has been seen.
await negatives();

Deno.bench(`${COUNT} captions, ${new Set(captions).size} different ones, warm caches`, async () => {
  await negatives();
});

Deno.bench(`${COUNT} captions parsed, already tagged`, () => {
  for (const each of tokens) parseCaption(each);
});
