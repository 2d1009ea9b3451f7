/** Captions a second of the part-of-speech tagger: `deno bench -A bench/tagger_bench.ts`. */
import { winkTagger } from "../plugins/language/wink_tagger.ts";
import sample from "../tests/data/captions_sample.json" with { type: "json" };

const captions = sample.captions.flat().map((caption) => caption.toLowerCase());
const cold = winkTagger({ cache: 0 });
const warm = winkTagger();
for (const caption of captions) warm.tag(caption);

Deno.bench(`${captions.length} captions, every one new`, () => {
  for (const caption of captions) cold.tag(caption);
});

Deno.bench(`${captions.length} captions, remembered`, () => {
  for (const caption of captions) warm.tag(caption);
});
