import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import { PictureError } from "../../core/images/picture_error.ts";
import type {
  ComposeContext,
  Composer,
  Composition,
  EmbeddedComposition,
} from "../../core/objective.ts";
import type { PrepareContext } from "../../core/prepare_context.ts";
import { embedComposed, type EmbeddedRows } from "./embed_composed.ts";

const schema = z.strictObject({
  composer: z.custom<Composer<string>>(isComposer, { error: "expected a composer" }),
  seed: z.int().min(0).default(0),
});

/**
 * The rows of another composer, embedded once before training for recipes that freeze both towers:
 * `prepare` composes every example and keeps what the model makes of its pictures and texts, and no
 * step decodes a picture or runs a tower. Steps then cost what the loss costs.
 *
 * Embeddings are kept in memory, 4 bytes for each of `dim` numbers: with 512 of them about 2 GB for a
 * million pictures and texts, equal ones counted once. On disk they are where the run keeps
 * embeddings, so that a second run embeds nothing.
 *
 * `prepare` throws a {@linkcode RangeError} if the composer's rows have pictures beyond their own, or
 * a normalisation of their own.
 *
 * @param options.composer Makes the rows. Those of the first epoch are taken in all epochs.
 * @param options.seed The seed of the rows' random choices. Default 0.
 * @throws {SettingsError} if an option is unknown or of another kind.
 */
export const onEmbeddings: <Group extends string>(
  options: { readonly composer: Composer<Group>; readonly seed?: number },
) => Composer<Group> = defineComponent({
  name: "onEmbeddings",
  schema,
  make: ({ composer, seed }) => {
    const { groups, rows } = composer;
    return {
      groups,
      rows,
      prepare: async (context: PrepareContext): Promise<Composer<string>> => {
        const ready = await composer.prepare?.(context) ?? composer;
        const embedded = await embedComposed(ready, seed, context);
        return {
          ...onEmbeddings({ composer, seed }),
          composeEmbedded: (index) => rowsAt(embedded, index),
        };
      },
      compose: (index: number, context: ComposeContext): Promise<readonly Composition<string>[]> =>
        composer.compose(index, { ...context, seed, epoch: 0 }),
    };
  },
}) as typeof onEmbeddings;

// An async function, so that a picture that cannot be used rejects.
async function rowsAt(
  { at }: EmbeddedRows,
  index: number,
): Promise<readonly EmbeddedComposition<string>[]> {
  const found = at(index);
  if (found instanceof PictureError) throw found;
  return await Promise.resolve(found);
}

function isComposer(value: unknown): value is Composer<string> {
  return typeof value === "object" && value !== null && "compose" in value &&
    typeof value.compose === "function" && "groups" in value && "with" in value;
}
