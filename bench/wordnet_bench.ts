/** WordNet's proposals and inflection, its files read: `deno bench -A bench/wordnet_bench.ts`. */
import { createRandom } from "../core/random.ts";
import { inflectLike } from "../plugins/language/inflection.ts";
import type { TaggedToken } from "../plugins/language/tagger.ts";
import { winkTagger } from "../plugins/language/wink_tagger.ts";
import { readWordNet } from "../plugins/language/wordnet.ts";
import { wordnet } from "../plugins/language/wordnet_proposer.ts";
import type { WordProposer } from "../plugins/language/word_proposer.ts";
import sample from "../tests/data/captions_sample.json" with { type: "json" };

const tagger = winkTagger();
const captions = sample.captions.flat().map((caption) => [caption, tagger.tag(caption)] as const);
const count = captions.reduce((sum, [, tokens]) => sum + tokens.length, 0);
const random = createRandom(0);

async function proposeAll(proposer: WordProposer): Promise<void> {
  for (const [caption, tokens] of captions) {
    for (const index of tokens.keys()) await proposer.propose(caption, tokens, index, random);
  }
}

Deno.bench(
  `proposals for ${count} words, each different one once`,
  { n: 3, warmup: 1 },
  async () => {
    await proposeAll(wordnet());
  },
);

const forgetful = wordnet({ cache: 0 });
await proposeAll(forgetful);
Deno.bench(`proposals for ${count} words, none remembered`, { n: 3, warmup: 1 }, async () => {
  await proposeAll(forgetful);
});

const warm = wordnet();
await proposeAll(warm);
Deno.bench(`proposals for ${count} words, all remembered`, async () => {
  await proposeAll(warm);
});

const dictionary = readWordNet();
const words: TaggedToken[] = captions.flatMap(([, tokens]) => tokens);
Deno.bench(`${count} words inflected`, () => {
  for (const { text, tag } of words) inflectLike("run", text, tag, dictionary);
});
