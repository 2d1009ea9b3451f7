import { z } from "zod";
import type { Context } from "../../core/context.ts";
import { type DataSet, type DataSource, isDataSource } from "../../core/dataset.ts";
import { defineComponent } from "../../core/define_component.ts";
import { withNegatives } from "../captions/with_negatives.ts";

const source = z.custom<DataSource>(isDataSource, { error: "expected a source of data" });

/**
 * Pictures and captions with a negative of each, a picture and a caption too: two sources with one
 * example for each other, such as two pairs of columns of one table,
 *
 * `tripletData({ examples: captions({ path, columns: { image: "image", captions: ["caption"] } }),
 * negatives: captions({ path, columns: { image: "neg_image", captions: ["neg_caption"] } }) })`.
 *
 * `open` throws a {@linkcode RangeError} if one has more examples than the other, or left rows out,
 * as the order would no longer tell which belongs to which.
 *
 * @param options.examples Pictures and captions.
 * @param options.negatives The negative picture and the negative caption of each, in the same
 *   order.
 * @throws {SettingsError} if an option is unknown or of another kind.
 */
export const tripletData: (
  options: { readonly examples: DataSource; readonly negatives: DataSource },
) => DataSource = defineComponent({
  name: "tripletData",
  schema: z.strictObject({ examples: source, negatives: source }),
  make: (sources) => ({
    async open(context: Context): Promise<DataSet> {
      const examples = await sources.examples.open(context);
      const negatives = await sources.negatives.open(context);
      if (examples.length !== negatives.length) {
        throw new RangeError(
          `tripletData: expected as many negatives as the ${examples.length} examples of ` +
            `${examples.name}, found ${negatives.length} in ${negatives.name}`,
        );
      }
      for (const { faults } of [examples, negatives]) {
        const [fault] = faults;
        if (fault === undefined) continue;
        throw new RangeError(
          `tripletData: expected rows that can all be used, as their order tells which belong ` +
            `together, found ${fault.where}: ${fault.reason}`,
        );
      }
      return withNegatives(examples, negatives);
    },
  }),
});
