import type { PublishedScore } from "../../core/literature.ts";

const CLIC = "CLIC, arXiv 2505.24424, as summaries of the paper give it";
const CLIC_PP = `${CLIC}: (3 · Replace + 2 · Swap) / 5 of its image-to-text means`;
const CLOVE = "CLoVe, arXiv 2402.15021";
const CE_CLIP = "CE-CLIP, arXiv 2306.08832";

type Columns = readonly (readonly [dataset: string, metric: string])[];

/** CLIC's rows; the mean over SugarCrepe++'s five subsets is derived from those over three and two. */
const CLIC_COLUMNS: Columns = [
  ["sugar_crepe/replace", "macro_acc"],
  ["mscoco_captions", "text_retrieval_recall@5"],
  ["mscoco_captions", "image_retrieval_recall@5"],
];

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
const PAPERS: Readonly<Record<string, string>> = {
  CLIP: "2103.00020",
  NegCLIP: "2210.01936",
  TripletCLIP: "2411.02545",
  CLIC: "2505.24424",
  CLoVe: "2402.15021",
  "CE-CLIP": "2306.08832",
  "CE-CLIP+": "2306.08832",
};

/** Scores of ViT-B/32 that papers report, in per cent there. */
export const PUBLISHED: readonly PublishedScore[] = [
  ...tableOf(CLIC, CLIC_COLUMNS, {
    CLIP: [80.0, 74.1, 54.6],
    NegCLIP: [85.4, 83.6, 72.2],
    "TripletCLIP, fine-tuned": [88.0, 72.3, 56.8],
    "CLIC, RedCaps of PixelProse": [84.8, 76.0, 59.5],
  }),
  ...tableOf(CLIC_PP, [["sugar_crepe_pp", "macro_itt_acc"]], {
    CLIP: [overFive(69.5, 45.7)],
    NegCLIP: [overFive(70.5, 56.4)],
    "TripletCLIP, fine-tuned": [overFive(73.5, 43.4)],
    "CLIC, RedCaps of PixelProse": [overFive(76.0, 61.5)],
  }),
  ...tableOf(CLOVE, CLOVE_COLUMNS, {
    CLIP: [63.5, 59.8, 47.7, 59.9, 80.1, 62.3, 72.8, 83.7, 63.4],
    NegCLIP: [70.5, 80.1, 87.0, 90.1, 85.1, 75.3, 85.9, 89.3, 55.8],
    REPLACE: [71.2, 72.9, 80.1, 86.7, 88.2, 74.8, 89.5, 89.9, 52.9],
    "CLoVe, not patched": [69.0, 77.4, 91.7, 93.6, 88.6, 76.1, 90.5, 87.8, 53.1],
    "CLoVe, α = 0.6": [69.7, 72.7, 86.6, 92.1, 87.0, 74.6, 85.8, 90.1, 62.8],
  }),
  ...tableOf(CE_CLIP, CE_CLIP_COLUMNS, {
    CLIP: [59.3, 62.9, 67.0, 90.9, 80, 69.2, 61.4, 64, 77.2, 68.2],
    NegCLIP: [80.2, 70.5, 71.6, 92.7, 85.9, 76.5, 75.2, 75.4, 88.8, 82.8],
    "CE-CLIP": [83.0, 76.4, 72.5, 93.1, 88.8, 79, 72.8, 77, 92.4, 93.4],
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

/** SugarCrepe++ has three subsets of replaced words and two of swapped ones. */
function overFive(replaced: number, swapped: number): number {
  return (3 * replaced + 2 * swapped) / 5;
}
