import type { Exchange } from "../../processes/exchange.ts";
import { type Identity, identityOfNames, textNames } from "./identity.ts";
import type { TextGroup } from "./text_group.ts";

/** What each of the processes that share a batch knows of all of it. */
export interface WholeBatch {
  /** The first of this process's rows in it. */
  readonly first: number;
  /** What each row was made of. */
  readonly ids: readonly string[];
  /** Which of the rows and of the texts are the same. */
  readonly identity: Identity;
  /** The example that each row was made of, by index, where the loss asks for it. */
  readonly examples?: readonly number[];
}

/**
 * The batch that the rows of all processes are, those of the first one first; they have the same
 * groups.
 *
 * @param own This process's rows.
 */
export async function wholeBatch(
  { ids, identity, examples, groups }: Omit<WholeBatch, "first"> & {
    readonly groups: readonly TextGroup[];
  },
  exchange: Exchange,
): Promise<WholeBatch> {
  if (exchange.size === 1) return { first: 0, ids, identity, ...(examples && { examples }) };
  const counts = await exchange.gather(Float32Array.of(ids.length));
  const named = [];
  // Numbers mean nothing beyond the batch that they were given in: names go round.
  for (const group of groups) {
    named.push({
      name: group.name,
      present: await exchange.gather(group.present),
      names: await exchange.gatherNames(textNames(group)),
    });
  }
  return {
    first: counts.subarray(0, exchange.rank).reduce((a, b) => a + b, 0),
    ids: await exchange.gatherNames(ids),
    identity: identityOfNames(await exchange.gatherNames(identity.shows), named),
    // As names, for a float32 is exact up to 2²⁴ only.
    ...(examples && { examples: (await exchange.gatherNames(examples.map(String))).map(Number) }),
  };
}
