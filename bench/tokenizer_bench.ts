/** Captions a second of CLIP's tokenizer: `deno bench -A bench/tokenizer_bench.ts`. */
import { clipTokenizer } from "../plugins/clip/tokenizer.ts";
import golden from "../tests/golden/tokenizer.json" with { type: "json" };

const captions = golden.cases.map(({ text }) => text).filter((text) => text.length < 200);
const tokenizer = await clipTokenizer("openai");

Deno.bench(`${captions.length} captions, words remembered`, () => {
  for (const caption of captions) tokenizer.encode(caption, 77);
});

Deno.bench(`${captions.length} captions, every word new`, { n: 20 }, async (bench) => {
  const fresh = await clipTokenizer("openai");
  bench.start();
  for (const caption of captions) fresh.encode(caption, 77);
  bench.end();
});

Deno.bench("vocabulary loaded", { n: 10 }, async () => {
  await clipTokenizer("openai");
});
