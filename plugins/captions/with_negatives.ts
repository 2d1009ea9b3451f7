import type { DataSet } from "../../core/dataset.ts";
import { sha256OfText } from "../../core/host/sha256_of_text.ts";

/**
 * Data with a negative of each example, which is a picture with captions of its own.
 *
 * @param negatives Example `index` is the negative of example `index` of the data; as many as those.
 */
export function withNegatives(data: DataSet, negatives: DataSet): DataSet {
  const fingerprint = async () =>
    sha256OfText([await data.fingerprint(), await negatives.fingerprint()].join());
  return { ...data, negatives, fingerprint };
}
