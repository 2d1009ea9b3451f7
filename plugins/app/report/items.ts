import type { Evaluation, ItemScore } from "../../../core/evaluator.ts";
import type { StageEvaluations } from "../results/table.ts";
import { leadingMetrics } from "./score_rows.ts";
import { type ItemReading, marginOf, readItem } from "./item_scores.ts";

/** A benchmark whose items can be looked at. */
export interface Subset {
  /** The data set. */
  readonly name: string;
  /** The metrics that its items count in. */
  readonly metrics: readonly string[];
  /** The metric that is chosen first. */
  readonly headline: string;
}

/** An item at every stage; where one has not scored it, there is a null. */
export interface ReportItem extends ItemReading {
  /** Which of the subsets it belongs to. */
  readonly subset: number;
  /** Its name within the data set. */
  readonly id: string;
  /** The names of its pictures. */
  readonly images: readonly string[];
  /** The metric that decides whether it is right unless another is chosen. */
  readonly metric: string;
  /** Its scores at each stage. */
  readonly scores: readonly (readonly number[] | null)[];
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
 * those that were won and lost from the first stage to the last in turn, then those whose margin
 * changed most.
 *
 * @param most How many items at most.
 */
export function chooseItems(stages: readonly StageEvaluations[], most: number): ItemChoice {
  const subsets: Subset[] = [];
  const groups: ReportItem[][] = [];
  for (const evaluations of evaluationsByName(stages)) {
    const known = evaluations.find((evaluation) => evaluation?.itemScores !== undefined);
    if (known === undefined) continue;
    const leading = leadingMetrics(known).map((metric) => metric.replace(/^macro_/, ""));
    groups.push(joinStages(evaluations, subsets.length, leading));
    subsets.push({
      name: known.dataset,
      metrics: [...new Set(known.itemScores!.flatMap(({ correct }) => Object.keys(correct)))],
      headline: leading[0]!,
    });
  }
  const shares = shareOut(groups.map(({ length }) => length), most);
  const items = groups.flatMap((group, index) => mostTelling(group, shares[index]!));
  return { subsets, items, of: groups.reduce((sum, { length }) => sum + length, 0) };
}

/**
 * The names of the items' pictures, those first whose items are looked at first: of each data set the
 * most telling item, then of each the next.
 */
export function picturesByNeed({ items }: ItemChoice): string[] {
  return [...Map.groupBy(items, ({ subset }) => subset).values()]
    .flatMap((group) => byTelling(group).map((item, rank) => ({ item, rank })))
    .toSorted((a, b) => a.rank - b.rank)
    .flatMap(({ item }) => item.images);
}

/** Items that were won and lost from the first stage to the last in turn, then the others; of each
 * kind those first whose margin changed most. */
function byTelling(items: readonly ReportItem[]): ReportItem[] {
  const sorted = items
    .map((item) => ({ item, turn: turnOf(item), change: changeOf(item) }))
    .sort((a, b) => b.change - a.change);
  const of = (turn: number) => sorted.filter((each) => each.turn === turn);
  const [won, lost] = [of(1), of(-1)];
  const turned = Array.from(
    { length: Math.max(won.length, lost.length) },
    (_, rank) => [won[rank] ?? [], lost[rank] ?? []].flat(),
  );
  return [...turned.flat(), ...of(0)].map(({ item }) => item);
}

/** 1 for an item that was won from the first stage to the last, -1 for one that was lost. */
function turnOf({ correct, metric }: ReportItem): number {
  const [before, after] = [correct[0]?.[metric], correct.at(-1)?.[metric]];
  return before === undefined || after === undefined ? 0 : Number(after) - Number(before);
}

/** By how much the margin changed from the first stage to the last, either way. */
function changeOf({ scores, rivals, metric }: ReportItem): number {
  const [before, after] = [scores[0], scores.at(-1)].map((each) =>
    each && marginOf(each, rivals[metric])
  );
  return Math.abs((after ?? 0) - (before ?? 0));
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
  leading: readonly string[],
): ReportItem[] {
  const stages = evaluations.map((evaluation) => evaluation?.itemScores ?? []);
  const captions = captionsByPicture(stages.find(({ length }) => length > 0) ?? []);
  const byStage = stages.map((items) => new Map(items.map((item) => [item.id, item])));
  const ids = new Set(byStage.flatMap((items) => [...items.keys()]));
  return [...ids].map((id) => {
    const found = byStage.map((items) => items.get(id));
    const known = found.filter((each) => each !== undefined);
    const { images = [], correct } = known[0]!;
    return {
      subset,
      id,
      images,
      // An item need not count in each of them: of retrieval, texts count in one, pictures in another.
      metric: leading.find((metric) => metric in correct) ?? Object.keys(correct)[0] ?? leading[0]!,
      ...joinReadings(known.map((each) => readItem(each, captions.get(images[0] ?? "")))),
      scores: found.map((each) => each?.scores ?? null),
      correct: found.map((each) => each?.correct ?? null),
    };
  });
}

/** The texts of the items that show a single picture and have a single text, as captions do. */
function captionsByPicture(items: readonly ItemScore[]): ReadonlyMap<string, string[]> {
  const captions = new Map<string, string[]>();
  for (const { images: [image, another] = [], texts: [text, second] = [] } of items) {
    if (image === undefined || another !== undefined) continue;
    if (text === undefined || second !== undefined) continue;
    captions.set(image, [...captions.get(image) ?? [], text]);
  }
  return captions;
}

/** An item as all stages read it: where they differ, as the nearest rivals do, all are told. */
function joinReadings(stages: readonly ItemReading[]): ItemReading {
  const first = stages[0]!;
  return {
    ...first,
    rows: first.rows.map((row, index) => ({
      ...row,
      text: [...new Set(stages.flatMap(({ rows }) => rows[index]?.text ?? []))].join(" → "),
    })),
  };
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
function mostTelling(items: readonly ReportItem[], most: number): ReportItem[] {
  const chosen = new Set(byTelling(items).slice(0, most));
  return items.filter((item) => chosen.has(item));
}
