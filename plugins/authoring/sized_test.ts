import type { AnyLoss } from "../../core/loss.ts";
import type { LossTest } from "./loss_batch.ts";

/** A test of which all sizes are known. */
export type SizedTest =
  & LossTest<string, string>
  & Required<Pick<LossTest<string, string>, "batch" | "dim" | "groups" | "pictures">>;

/**
 * The test with the sizes that it does not say: one text and one picture a row in each group, and as
 * many rows as the embeddings have.
 *
 * @throws {RangeError} if the embeddings are no whole number of rows.
 */
export function sizedTest(loss: AnyLoss, test: LossTest<string, string>): SizedTest {
  const { dim = 4, embeddings } = test;
  const batch = test.batch ?? (embeddings === undefined ? 3 : embeddings.image.length / dim);
  if (!Number.isInteger(batch)) {
    throw new RangeError(
      `testLoss of ${loss.name}: embeddings.image: expected rows of ${dim} numbers, found ` +
        `${embeddings?.image.length} numbers`,
    );
  }
  const once = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 1]));
  return {
    groups: once([...loss.needs, ...Object.keys(loss.reads ?? {})]),
    pictures: once(loss.pictures ?? []),
    ...test,
    batch,
    dim,
  };
}
