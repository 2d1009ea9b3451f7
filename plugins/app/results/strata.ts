/**
 * The items behind a score, in the shape in which the score weighs them.
 *
 * @module
 */
import type { Evaluation, ItemScore } from "../../../core/evaluator.ts";

/** Items that are drawn among themselves when a score is drawn again, and their part in the score. */
export interface Stratum {
  /** What the mean of the items is multiplied by; the weights of a score sum to 1. */
  readonly weight: number;
  /** What each item counts for, by its name: 1 if it is right, 0 if it is not. */
  readonly values: ReadonlyMap<string, number>;
}

/** What an item counts for in a metric that is no mean over groups; undefined where it counts not. */
export type ItemValue = (
  item: ItemScore,
  metric: string,
  evaluation: Evaluation,
) => number | undefined;

const rightOrWrong: ItemValue = ({ correct }, metric) =>
  correct[metric] === undefined ? undefined : Number(correct[metric]);

const MACRO = /^macro_(.+)$/;

/** The mean over kinds of the share of their items: SugarCrepe's `kind_acc`. */
const KIND = /^kind_(.+)$/;

/**
 * The items that a metric is made of: all items for a share of items, each group or part for the
 * unweighted mean over groups or parts (`macro_…`, `mean_per_class_recall`), each part with the
 * weight of its items for a share over parts, and with that among the parts of its kind for the
 * mean over kinds (`kind_…`; of `sugar_crepe/add_att` the kind is `sugar_crepe/add`).
 *
 * @param all The evaluations among which the parts of `evaluation` are.
 * @param value What an item counts for. Default: 1 if it is right, 0 if it is not.
 * @returns undefined if the items are not at hand, or the metric is no mean of theirs.
 */
export function strataOf(
  evaluation: Evaluation,
  metric: string,
  all: readonly Evaluation[],
  value: ItemValue = rightOrWrong,
): readonly Stratum[] | undefined {
  const { itemScores, parts } = evaluation;
  if (parts !== undefined) return strataOfParts(parts, metric, all, value);
  const valuesOf = (items: readonly ItemScore[], name: string) =>
    new Map(items.flatMap((item) => {
      const found = value(item, name, evaluation);
      return found === undefined ? [] : [[item.id, found] as const];
    }));
  if (itemScores === undefined) return undefined;
  const macro = averagedOverGroups(metric);
  if (macro === undefined) {
    const values = valuesOf(itemScores, metric);
    return values.size === 0 ? undefined : [{ weight: 1, values }];
  }
  const groups = Map.groupBy(
    itemScores.filter(({ group, correct }) => group !== undefined && macro in correct),
    ({ group }) => group!,
  );
  if (groups.size === 0) return undefined;
  return [...groups.values()].map((items) => ({
    weight: 1 / groups.size,
    values: valuesOf(items, macro),
  }));
}

function strataOfParts(
  parts: readonly string[],
  metric: string,
  all: readonly Evaluation[],
  value: ItemValue,
): readonly Stratum[] | undefined {
  const macro = MACRO.exec(metric)?.[1];
  const kind = KIND.exec(metric)?.[1];
  const found = parts.map((name) => all.find(({ dataset }) => dataset === name));
  if (!found.every((part) => part !== undefined)) return undefined;
  const kinds = kind === undefined ? new Map([["", found]]) : Map.groupBy(found, kindOf);
  const strata: Stratum[] = [];
  for (const part of found) {
    const same = kind === undefined ? found : kinds.get(kindOf(part))!;
    const items = same.reduce((sum, { items }) => sum + items, 0);
    const name = kind ?? (macro === undefined || part.parts !== undefined ? metric : macro);
    const inner = strataOf(part, name, all, value);
    if (inner === undefined) return undefined;
    const share = macro === undefined ? part.items / items / kinds.size : 1 / found.length;
    for (const { weight, values } of inner) strata.push({ weight: weight * share, values });
  }
  return strata;
}

function kindOf({ dataset }: Evaluation): string {
  return dataset.replace(/_[^_]*$/, "");
}

/** The metric of which this one is the mean over groups; undefined if it is the mean of none. */
function averagedOverGroups(metric: string): string | undefined {
  // The mean over classes of their accuracy, by its usual name; a linear probe's begins with "lp_".
  const recall = /^(|lp_)mean_per_class_recall$/.exec(metric);
  return recall === null ? MACRO.exec(metric)?.[1] : `${recall[1]}acc1`;
}

/** By how much each item changed; undefined unless both have the same items. */
export function pairStrata(
  before: readonly Stratum[],
  after: readonly Stratum[],
): readonly Stratum[] | undefined {
  if (before.length !== after.length) return undefined;
  const pairs: Stratum[] = [];
  for (const [i, { weight, values }] of after.entries()) {
    const earlier = before[i]!.values;
    if (earlier.size !== values.size || ![...values.keys()].every((id) => earlier.has(id))) {
      return undefined;
    }
    const changes = [...values].map(([id, value]) => [id, value - earlier.get(id)!] as const);
    pairs.push({ weight, values: new Map(changes) });
  }
  return pairs;
}
