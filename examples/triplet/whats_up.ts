import type { Benchmark, BenchmarkOptions } from "@syntagma/syntagma";
import { defineItemBenchmark, readAnnotations } from "@syntagma/syntagma/authoring";
import { z } from "zod";

const item = z.object({ image_path: z.string(), caption_options: z.array(z.string()).length(4) })
  .transform((each) => ({ images: [{ file: each.image_path }], texts: each.caption_options }));

/**
 * What'sUp (Kamath et al. 2023), parts A (`images`) and B (`clevr`): four captions that differ in a
 * preposition, the first of them true. A tie is right, as it is where the authors take the first
 * largest score. `annotations` is the folder of their JSON files; chance is 25 %.
 */
export const whatsUp: (options: BenchmarkOptions) => Benchmark = defineItemBenchmark({
  name: "whatsUp",
  source: {
    title: "What'sUp",
    paper: "https://arxiv.org/abs/2310.19785",
    homepage: "https://github.com/amitakamath/whatsup_vlms",
    pictures: "controlled_images and controlled_clevr, as its homepage says",
    licence: "MIT",
  },
  rule: () => ([own, ...others]) => ({ acc: others.every((other) => own! >= other) }),
  load: (context, { annotations }) =>
    Promise.all(["images", "clevr"].map(async (part) => {
      const file = `${annotations}/controlled_${part}_dataset.json`;
      const items = await readAnnotations(context, file, z.array(item));
      return { dataset: `whatsup/${part}`, items };
    })),
});
