import type { ComparisonRow } from "./compare.ts";

/** A row of the summary: the data set, the metric, and what it is called. */
type SummaryRow = readonly [dataset: string, metric: string, title: string];

/**
 * The few rows that say the most of a model, each way in which the field averages SugarCrepe by its
 * name, and what hard negatives can cost beside what they bring.
 */
const SUMMARY: readonly SummaryRow[] = [
  ["sugar_crepe", "macro_acc", "SugarCrepe, mean of the seven subsets"],
  ["sugar_crepe", "acc", "SugarCrepe, mean of all items"],
  ["sugar_crepe", "kind_acc", "SugarCrepe, mean of the three kinds over items"],
  ["sugar_crepe/swap", "macro_acc", "SugarCrepe, swap alone"],
  ["sugar_crepe_pp", "macro_itt_acc", "SugarCrepe++, picture and texts (ITT)"],
  ["sugar_crepe_pp", "macro_tot_acc", "SugarCrepe++, texts alone (TOT)"],
  ["sugar_crepe_pp_text", "macro_tot_acc", "SugarCrepe++, texts alone (TOT), without pictures"],
  ["half_truths", "macro_acc", "half-truths"],
  ["bivlc", "text_acc", "BiVLC, picture to text"],
  ["bivlc", "image_acc", "BiVLC, text to picture"],
  ["bivlc", "acc", "BiVLC, group"],
  ["whats_up", "macro_acc", "What'sUp, mean of the six parts"],
  ["negbench/coco_mcq", "acc", "NegBench, COCO"],
  ["negbench/voc2007_mcq", "acc", "NegBench, VOC 2007"],
  ["vismin", "macro_acc", "VisMin, group"],
  ["mmvp_vlm", "image_acc", "MMVP-VLM"],
  ["crepe", "macro_acc", "CREPE"],
  ["spec", "macro_acc", "SPEC"],
  ["color_swap", "acc", "ColorSwap, group"],
  ["coco_counterfactuals", "acc", "COCO-Counterfactuals, group"],
  ["natural_bench", "acc", "NaturalBench-Retrieval, group"],
  ["vg_relation", "macro_acc", "ARO, relations"],
  ["vg_attribution", "macro_acc", "ARO, attributes"],
  ["coco_order", "acc", "ARO, COCO order"],
  ["flickr30k_order", "acc", "ARO, Flickr30k order"],
  ["winoground", "acc", "Winoground, group"],
  ["valse", "macro_acc", "VALSE, mean of the eleven files"],
  ["valse_phenomena", "macro_acc", "VALSE, mean of the seven phenomena"],
  ["svo_probes", "macro_acc", "SVO-Probes"],
  ["cola/multi_object", "acc", "COLA"],
  ["mscoco_captions", "text_retrieval_recall@1", "COCO, picture to text, recall@1"],
  ["mscoco_captions", "image_retrieval_recall@1", "COCO, text to picture, recall@1"],
  ["flickr30k", "text_retrieval_recall@1", "Flickr30k, picture to text, recall@1"],
  ["flickr30k", "image_retrieval_recall@1", "Flickr30k, text to picture, recall@1"],
  ["imagenet1k", "acc1", "ImageNet, zero-shot"],
  ["cifar10", "acc1", "CIFAR-10, zero-shot"],
  ["cifar100", "acc1", "CIFAR-100, zero-shot"],
];

/** What is to be read beside SugarCrepe. */
const BESIDE = ["sugar_crepe_pp", "half_truths"];

/** The rows of a comparison that sum models up, under their titles, in the order of the field. */
export function summaryRows(rows: readonly ComparisonRow[]): readonly ComparisonRow[] {
  return SUMMARY.flatMap(([dataset, metric, title]) =>
    rows.filter((row) => row.dataset === dataset && row.metric === metric)
      .map((row) => ({ ...row, dataset: title }))
  );
}

/** What a row that sums models up is called; undefined for any other row. */
export function summaryTitle(
  { dataset, metric }: Pick<ComparisonRow, "dataset" | "metric">,
): string | undefined {
  return SUMMARY.find(([name, of]) => name === dataset && of === metric)?.[2];
}

/** What is missing beside the rows of a comparison; none where nothing is. */
export function missingBeside(rows: readonly Pick<ComparisonRow, "dataset">[]): readonly string[] {
  const has = (dataset: string) => rows.some((row) => row.dataset === dataset);
  const absent = BESIDE.filter((dataset) => !has(dataset));
  return !has("sugar_crepe") || absent.length === 0 ? [] : [
    `SugarCrepe alone says little of order: a scorer that does not see it reaches 96.2 %. ` +
    `Not scored beside it: ${absent.join(", ")}.`,
  ];
}
