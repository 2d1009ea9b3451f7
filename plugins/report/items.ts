import type { Evaluation, ItemScore } from "../../mod.ts";
import type { StageEvaluations } from "../../core/evaluation/mod.ts";
import { labelsOf, marginOf } from "./item_scores.ts";

/** A benchmark whose items can be looked at. */
export interface Subset {
  /** The data set. */
  readonly name: string;
  /** The metrics that its items count in. */
  readonly metrics: readonly string[];
  /** The metric that decides what is right unless another is chosen. */
  readonly headline: string;
}

/** An item at every stage; where one has not scored it, there is a null. */
export interface ReportItem {
  /** Which of the subsets it belongs to. */
  readonly subset: number;
  /** Its name within the data set. */
  readonly id: string;
  /** The names of its pictures. */
  readonly images: readonly string[];
  /** Its texts. */
  readonly texts: readonly string[];
  /** What each score compares. */
  readonly labels: readonly string[];
  /** Its scores at each stage. */
  readonly scores: readonly (readonly number[] | null)[];
  /** By how much the true text is nearer than the nearest false one, at each stage. */
  readonly margins: readonly (number | null)[];
  /** Whether it counts as right by each metric, at each stage. */
  readonly correct: readonly (Readonly<Record<string, boolean>> | null)[];
}

/** Items to look at. */
export interface ItemChoice {
  readonly subsets: readonly Subset[];
  /** The items, in the order of their data sets. */
  readonly items: readonly ReportItem[];
  /** How many there are in all. */
  readonly of: number;
}

/**
 * The items of all data sets, or those with most to tell: of each data set an equal share, first
 * those that were won or lost from the first stage to the last, then those whose margin changed most.
 *
 * @param most How many items at most.
 */
export function chooseItems(stages: readonly StageEvaluations[], most: number): ItemChoice {
  const subsets: Subset[] = [];
  const groups: ReportItem[][] = [];
  for (const evaluations of evaluationsByName(stages)) {
    const known = evaluations.find((evaluation) => evaluation?.itemScores !== undefined);
    if (known === undefined) continue;
    const items = joinStages(evaluations, subsets.length);
    subsets.push({
      name: known.dataset,
      metrics: [...new Set(known.itemScores!.flatMap(({ correct }) => Object.keys(correct)))],
      headline: known.headline.replace(/^macro_/, ""),
    });
    groups.push(items);
  }
  const shares = shareOut(groups.map(({ length }) => length), most);
  const items = groups.flatMap((group, index) =>
    mostTelling(group, subsets[index]!.headline, shares[index]!)
  );
  return { subsets, items, of: groups.reduce((sum, { length }) => sum + length, 0) };
}

/**
 * The names of the items' pictures, those first whose items are looked at first: of each data set the
 * most telling item, then of each the next.
 */
export function picturesByNeed({ subsets, items }: ItemChoice): string[] {
  const groups = [...Map.groupBy(items, ({ subset }) => subset)];
  return groups
    .flatMap(([subset, group]) =>
      byTelling(group, subsets[subset]!.headline).map((item, rank) => ({ item, rank }))
    )
    .toSorted((a, b) => a.rank - b.rank)
    .flatMap(({ item }) => item.images);
}

/** Items that were won or lost from the first stage to the last, then by change of their margin. */
function byTelling(items: readonly ReportItem[], headline: string): ReportItem[] {
  const isTurned = ({ correct }: ReportItem) =>
    correct[0]?.[headline] !== correct.at(-1)?.[headline];
  return items
    .map((item) => ({ item, turned: Number(isTurned(item)), change: changeOf(item) }))
    .sort((a, b) => b.turned - a.turned || b.change - a.change)
    .map(({ item }) => item);
}

/** By how much the margin changed from the first stage to the last, either way. */
function changeOf({ margins }: ReportItem): number {
  return Math.abs((margins.at(-1) ?? 0) - (margins[0] ?? 0));
}

/** For each data set and task its evaluation at every stage. */
function evaluationsByName(stages: readonly StageEvaluations[]): (Evaluation | undefined)[][] {
  const found = new Map<string, (Evaluation | undefined)[]>();
  stages.forEach(({ evaluations }, stage) => {
    for (const evaluation of evaluations) {
      const key = JSON.stringify([evaluation.dataset, evaluation.task]);
      const entry = found.get(key) ?? stages.map(() => undefined);
      entry[stage] = evaluation;
      found.set(key, entry);
    }
  });
  return [...found.values()];
}

function joinStages(
  evaluations: readonly (Evaluation | undefined)[],
  subset: number,
): ReportItem[] {
  const byStage = evaluations.map((evaluation) =>
    new Map((evaluation?.itemScores ?? []).map((item) => [item.id, item]))
  );
  const ids = new Set(byStage.flatMap((items) => [...items.keys()]));
  return [...ids].map((id) => {
    const found = byStage.map((items) => items.get(id));
    const item = found.find((each): each is ItemScore => each !== undefined)!;
    return {
      subset,
      id,
      images: item.images ?? [],
      texts: item.texts ?? [],
      labels: joinLabels(found.flatMap((each) => each === undefined ? [] : [labelsOf(each)])),
      scores: found.map((each) => each?.scores ?? null),
      margins: found.map((each) => each === undefined ? null : marginOf(each)),
      correct: found.map((each) => each?.correct ?? null),
    };
  });
}

/** The labels of all stages: one for each score, or several where they differ, as rivals do. */
function joinLabels(stages: readonly (readonly string[])[]): string[] {
  return stages[0]!.map((_, index) =>
    [...new Set(stages.flatMap((labels) => labels[index] ?? []))].join(" → ")
  );
}

/** Shares that add up to `most` at most: equal, but for groups that have less. */
function shareOut(sizes: readonly number[], most: number): number[] {
  const shares = sizes.map(() => 0);
  let left = most;
  const bySize = sizes.map((size, index) => ({ size, index })).toSorted((a, b) => a.size - b.size);
  bySize.forEach(({ size, index }, place) => {
    shares[index] = Math.min(size, Math.floor(left / (sizes.length - place)));
    left -= shares[index]!;
  });
  return shares;
}

/** So many items, in the order given. */
function mostTelling(items: readonly ReportItem[], headline: string, most: number): ReportItem[] {
  const chosen = new Set(byTelling(items, headline).slice(0, most));
  return items.filter((item) => chosen.has(item));
}
