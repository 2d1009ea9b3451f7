/** How many scenes a second the embedded world gives: `deno bench -A bench/scenes_bench.ts`. */
import type { Context } from "../core/context.ts";
import { createRandom } from "../core/random.ts";
import { createBatchStream } from "../core/training/loop/batches.ts";
import { drawFoil } from "../plugins/scenes/foils.ts";
import { drawScene } from "../plugins/scenes/scene.ts";
import { renderScene } from "../plugins/scenes/render.ts";
import { scenes } from "../plugins/scenes/scenes.ts";
import { sentences } from "../plugins/scenes/sentences.ts";
import { tinyClip } from "../plugins/scenes/tiny_clip.ts";
import { wordTokenizer } from "../plugins/scenes/word_tokenizer.ts";
import clicTiny from "../recipes/clic_tiny.ts";

const drawn = Array.from({ length: 1000 }, (_, index) => drawScene(createRandom(1, index)));
const data = await scenes({ length: 2 ** 32, seed: 1 }).open({} as Context);
const tokenizer = wordTokenizer();
let index = 0;

Deno.bench("drawScene", () => {
  drawScene(createRandom(1, "scene", index++));
});

for (const size of [32, 48, 64]) {
  Deno.bench(`renderScene at ${size} px`, () => {
    renderScene(drawn[index++ % 1000]!, size);
  });
}

Deno.bench("sentences, 1", () => {
  sentences(drawn[index++ % 1000]!, createRandom(1, "sentences", index), 1);
});

Deno.bench("sentences, 8", () => {
  sentences(drawn[index++ % 1000]!, createRandom(1, "sentences", index), 8);
});

Deno.bench("data set: record and pixels, 8 captions, 48 px", async () => {
  data.record(index);
  await data.pixels(index++);
});

Deno.bench("wordTokenizer: one joined caption", () => {
  tokenizer.encode("a large red star is above a small box. a tiny pink ring and a big heart.", 77);
});

Deno.bench("drawFoil, swap_att", () => {
  drawFoil("swap_att", createRandom(1, index++));
});

const { batch, seed, objectives } = clicTiny;
const stream = createBatchStream({
  ...{ batch, seed, data: await clicTiny.data.open({} as Context) },
  model: await tinyClip({ weights: "random" }).generate(0),
  from: { epoch: 0, position: 0 },
  onSkip: () => {},
});
for (const each of objectives) {
  Deno.bench(`a batch of clic-tiny's ${each.name}`, { group: "batches", n: 60 }, async () => {
    await stream.next(each);
  });
}
