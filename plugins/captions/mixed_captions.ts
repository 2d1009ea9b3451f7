import { sha256OfText } from "../../core/host/sha256_of_text.ts";
import { shortened } from "../../core/shortened.ts";
import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import { createRandom } from "../../core/random.ts";
import {
  type DataSet,
  type DataSource,
  type ExampleRecord,
  faultCount,
  firstWithPicture,
  isDataSource,
  pictureId,
} from "../../core/dataset.ts";

/** What {@linkcode mixedCaptions} mixes, and how. */
export interface MixedCaptionsOptions {
  /** Pictures with their synthetic captions. */
  readonly synthetic: DataSource;
  /** The same pictures with their captions from the web: the same in another column or field. */
  readonly web: DataSource;
  /** How likely the synthetic captions of a picture are taken, from 0 to 1. */
  readonly probability: number;
  /** The seed of the choice. Default 0. */
  readonly seed?: number;
}

const source = z.custom<DataSource>(isDataSource, { error: "expected a data source" });

const schema = z.strictObject({
  synthetic: source,
  web: source,
  probability: z.number().min(0).max(1),
  seed: z.int().min(0).default(0),
});

/**
 * Pictures with either their synthetic captions or those from the web, from any two data sources:
 * two columns of a table, two fields of webdataset shards, a table of one's own and the one that
 * `caption-images` wrote. Pictures are the same where their examples have the same id, which is the
 * path or the name in the shard. A picture that only one source has keeps the captions of that one.
 * CLoVe replaces all captions, for which the synthetic source alone is enough.
 *
 * The choice for example `index` comes from `createRandom(seed, "mixedCaptions", index)`. It is the
 * same in all epochs, since a {@linkcode DataSet} gives an example's captions without being told the
 * epoch. To draw anew in each, put the captions side by side, as in
 * `columns: { captions: ["json.top_caption", "txt"] }`, and use a composer with `caption: "random"`, for which all
 * captions of a picture are as likely as each other.
 *
 * `open` throws a {@linkcode RangeError} if two of the web's examples have one id, as nothing would tell
 * whose captions are meant.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { captions, mixedCaptions } from "@syntagma/syntagma/captions";
 *
 * const shards = captions({ path: "laion-coco/{00000..00099}.tar" });
 * const data = mixedCaptions({
 *   synthetic: shards.with({ columns: { captions: ["json.top_caption"] } }),
 *   web: shards.with({ columns: { captions: ["txt"] } }),
 *   probability: 0.5,
 * });
 * console.assert(data.options.probability === 0.5);
 * ```
 */
export const mixedCaptions: (options: MixedCaptionsOptions) => DataSource = defineComponent({
  name: "mixedCaptions",
  schema,
  make: ({ synthetic, web, ...settings }) => ({
    open: async (context) => mix(await synthetic.open(context), await web.open(context), settings),
  }),
});

/** An example's place in a data set. */
interface Place {
  readonly data: DataSet;
  readonly index: number;
}

function mix(
  synthetic: DataSet,
  web: DataSet,
  { probability, seed }: { readonly probability: number; readonly seed: number },
): DataSet {
  const webIds = ids(web);
  const inWeb = new Map(webIds.map((id, index) => [id, index]));
  const twice = webIds.find((id, index) => inWeb.get(id) !== index);
  if (twice !== undefined) {
    throw new RangeError(
      `mixedCaptions: expected examples of ${web.name} with ids of their own, found two of ${
        shortened(JSON.stringify(twice))
      }`,
    );
  }
  const inSynthetic = new Map(ids(synthetic).map((id, index) => [id, index]));
  const onlyInWeb = [...inWeb].flatMap(([id, index]) => inSynthetic.has(id) ? [] : [index]);
  const length = synthetic.length + onlyInWeb.length;
  const name = `${synthetic.name} and ${web.name}`;

  /** Of each picture of the web's, by its first example there, the first example here. */
  const firsts = new Map<number, number>();
  const note = (inside: number, index: number): void => {
    const first = firstWithPicture(web, inside);
    firsts.set(first, Math.min(index, firsts.get(first) ?? index));
  };
  for (const [id, inside] of inWeb) {
    const twin = inSynthetic.get(id);
    if (twin !== undefined) note(inside, firstWithPicture(synthetic, twin));
  }
  for (const [i, inside] of onlyInWeb.entries()) note(inside, synthetic.length + i);

  /** Where the picture of an example is. */
  const place = (index: number): Place => {
    if (!Number.isInteger(index) || index < 0 || index >= length) {
      throw new RangeError(`${name}: expected an example from 0 to ${length - 1}, found ${index}`);
    }
    return index < synthetic.length
      ? { data: synthetic, index }
      : { data: web, index: onlyInWeb[index - synthetic.length]! };
  };
  return {
    name,
    length,
    faults: [...synthetic.faults, ...web.faults],
    ...(synthetic.stretches === undefined ? {} : {
      stretches: {
        starts: [
          ...synthetic.stretches.starts,
          ...(onlyInWeb.length > 0 ? [synthetic.length] : []),
        ],
        window: synthetic.stretches.window,
      },
    }),
    faultCount: faultCount(synthetic) + faultCount(web),
    record(index): ExampleRecord {
      const { data, index: inside } = place(index);
      const record = data.record(inside);
      const other = data === synthetic ? inWeb.get(record.id) : undefined;
      if (other === undefined) return record;
      const isSynthetic = createRandom(seed, "mixedCaptions", index).next() < probability;
      return isSynthetic ? record : web.record(other);
    },
    size(index) {
      const { data, index: inside } = place(index);
      return data.size(inside);
    },
    pixels(index, operation) {
      const { data, index: inside } = place(index);
      return data.pixels(inside, operation);
    },
    pictureOf(index) {
      const { data, index: inside } = place(index);
      const first = firstWithPicture(data, inside);
      return data === synthetic ? first : firsts.get(first)!;
    },
    pictureId(index) {
      const { data, index: inside } = place(index);
      return pictureId(data, inside);
    },
    async fingerprint() {
      const parts = [await synthetic.fingerprint(), await web.fingerprint(), probability, seed];
      return sha256OfText(JSON.stringify(parts));
    },
  };
}

function ids(data: DataSet): readonly string[] {
  return Array.from({ length: data.length }, (_, index) => data.record(index).id);
}
