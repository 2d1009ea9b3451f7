/**
 * COCO's captions without pictures, and pairs of them with negatives.
 *
 * @module
 */
import { z } from "zod";
import type { DataSet, DataSource } from "../../core/dataset.ts";
import { defineComponent } from "../../core/define_component.ts";
import { sha256OfText } from "../../core/host/sha256_of_text.ts";
import { readJson } from "../../core/host/storage/read_json.ts";
import type { Raster } from "../../core/images/raster.ts";
import type { ComposeContext, Composer, Composition } from "../../core/objective.ts";
import type { PrepareContext } from "../../core/prepare_context.ts";
import type { NegativeGenerator } from "../../core/negative_generator.ts";
import { createRandom } from "../../core/random.ts";
import { replace } from "../../plugins/clove/replace.ts";
import { negclipSwaps } from "../../plugins/negclip/swaps.ts";

/** A picture where none is asked for. */
const NOTHING: Raster = { width: 1, height: 1, data: new Uint8Array(3) };

const split = z.array(z.object({ image: z.string(), caption: z.array(z.string()) }));
const items = z.array(z.object({ filename: z.string() }));

/** The captions of Karpathy's split, without those of pictures that SugarCrepe++ asks about. */
export const cocoCaptions: (
  options: { readonly path: string; readonly without: string },
) => DataSource = defineComponent({
  name: "cocoCaptions",
  schema: z.strictObject({ path: z.string(), without: z.string() }),
  make: ({ path, without }) => ({
    open: async (): Promise<DataSet> => {
      const asked = new Set<number>();
      for await (const { name } of Deno.readDir(without)) {
        if (!name.endsWith(".json")) continue;
        for (const { filename } of items.parse(await readJson(`${without}/${name}`))) {
          asked.add(numberOf(filename));
        }
      }
      const examples = split.parse(await readJson(path))
        .filter(({ image, caption }) => !asked.has(numberOf(image)) && caption.length > 1)
        .map(({ image, caption }) => ({ id: image, captions: caption.map((each) => each.trim()) }));
      return {
        name: path,
        length: examples.length,
        faults: [],
        record: (index) => examples[index]!,
        size: () => Promise.resolve(NOTHING),
        pixels: () => Promise.resolve(NOTHING),
        fingerprint: () => Promise.resolve(sha256OfText(JSON.stringify(examples))),
      };
    },
  }),
});

/** COCO's number of a picture: `COCO_val2014_000000391895.jpg`, `000000391895.jpg`. */
function numberOf(name: string): number {
  return Number(/(\d+)\.jpg$/.exec(name)?.[1]);
}

type Group = "caption" | "negative" | "paraphrase";

/** Two captions of a picture, and what NegCLIP and CLoVe make of the first. */
export const captionPairs: () => Composer<Group> = () => pairsWith([negclipSwaps(), replace()]);

const pairsWith = (generators: readonly NegativeGenerator[]): Composer<Group> =>
  defineComponent({
    name: "captionPairs",
    schema: z.strictObject({}),
    make: () => ({
      groups: {
        caption: 1,
        paraphrase: 1,
        negative: generators.reduce((sum, { slots }) => sum + slots, 0),
      },
      rows: 1,
      prepare: async (context: PrepareContext) =>
        pairsWith(
          await Promise.all(
            generators.map(async (each) => await each.prepare?.(context) ?? each),
          ),
        ),
      async compose(
        index: number,
        { data, seed, epoch }: ComposeContext,
      ): Promise<readonly Composition<Group>[]> {
        const { id, captions } = data.record(index);
        const random = createRandom(seed, "captionPairs", epoch, index);
        const [caption, paraphrase] = random.shuffle(captions) as [string, string];
        const negative: (string | null)[] = [];
        for (const generator of generators) {
          negative.push(...await generator.generate(caption, random));
        }
        const texts = { caption: [caption], paraphrase: [paraphrase], negative };
        return [{ id, image: NOTHING, texts }];
      },
    }),
  })();
