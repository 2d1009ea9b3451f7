import type { PublishedScore } from "../../core/literature.ts";

const CLOVE = "CLoVe, arXiv 2402.15021";
const CE_CLIP = "CE-CLIP, arXiv 2306.08832";

type Columns = readonly (readonly [dataset: string, metric: string])[];

const CLOVE_COLUMNS: Columns = [
  ["vg_attribution", "macro_acc"],
  ["vg_relation", "macro_acc"],
  ["coco_order", "acc"],
  ["flickr30k_order", "acc"],
  ["sugar_crepe/replace", "macro_acc"],
  ["sugar_crepe/swap", "macro_acc"],
  ["sugar_crepe/add", "macro_acc"],
  ["svo_probes", "macro_acc"],
  ["imagenet1k", "acc1"],
];

const CE_CLIP_COLUMNS: Columns = [
  ["vg_relation", "macro_acc"],
  ["vg_attribution", "macro_acc"],
  ["valse", "macro_acc"],
  ["sugar_crepe/replace_obj", "acc"],
  ["sugar_crepe/replace_att", "acc"],
  ["sugar_crepe/replace_rel", "acc"],
  ["sugar_crepe/swap_obj", "acc"],
  ["sugar_crepe/swap_att", "acc"],
  ["sugar_crepe/add_obj", "acc"],
  ["sugar_crepe/add_att", "acc"],
];

/** The methods' own papers, by their numbers in arXiv. */
const PAPERS: Readonly<Record<string, string>> = { CLoVe: "2402.15021", "CE-CLIP+": "2306.08832" };

/**
 * Scores of ViT-B/32 that papers report, in per cent there, of models that were not released. Those
 * of released ones stand with their addresses, in the leaderboard's `checkpoints.json`.
 */
export const PUBLISHED: readonly PublishedScore[] = [
  ...tableOf(CLOVE, CLOVE_COLUMNS, {
    REPLACE: [71.2, 72.9, 80.1, 86.7, 88.2, 74.8, 89.5, 89.9, 52.9],
    "CLoVe, α = 0.6": [69.7, 72.7, 86.6, 92.1, 87.0, 74.6, 85.8, 90.1, 62.8],
  }),
  ...tableOf(CE_CLIP, CE_CLIP_COLUMNS, {
    "CE-CLIP+": [83.6, 77.1, 76.7, 93.8, 90.8, 83.2, 76.8, 79.3, 93.8, 94.9],
  }),
];

function tableOf(
  source: string,
  columns: Columns,
  rows: Readonly<Record<string, readonly number[]>>,
): PublishedScore[] {
  return Object.entries(rows).flatMap(([method, scores]) => {
    const paper = PAPERS[/^[\w+-]+/.exec(method)![0]];
    return scores.map((score, index) => {
      const [dataset, metric] = columns[index]!;
      return {
        ...{ method, model: "ViT-B/32", dataset, metric, score: score / 100, source },
        ...(paper === undefined ? {} : { paper }),
      };
    });
  });
}
