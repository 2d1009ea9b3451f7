/**
 * Benchmarks of the field, each in a file of its own: what they ask, by whose rule, and where their
 * annotations and pictures come from.
 *
 * @module
 */
export { linearProbe, type LinearProbeOptions } from "./classification/linear_probe.ts";
export {
  zeroShotClassification,
  type ZeroShotClassificationOptions,
} from "./classification/zero_shot_classification.ts";
export {
  zeroShotCifar10,
  zeroShotCifar100,
  zeroShotImageNet,
} from "./classification/zero_shot_sets.ts";
export { captionRetrieval, type CaptionRetrievalOptions } from "./retrieval/caption_retrieval.ts";
export { cocoRetrieval, flickr30kRetrieval } from "./retrieval/karpathy_retrieval.ts";
export { negbenchRetrieval } from "./retrieval/negated_retrieval.ts";
export { bivlc } from "./suites/bivlc.ts";
export { cocoOrder, flickr30kOrder } from "./suites/caption_order.ts";
export { cocoCounterfactuals } from "./suites/coco_counterfactuals.ts";
export { cola } from "./suites/cola.ts";
export { colorSwap } from "./suites/color_swap.ts";
export { crepe } from "./suites/crepe.ts";
export { halfTruths } from "./suites/half_truths.ts";
export { mmvpVlm } from "./suites/mmvp_vlm.ts";
export { naturalBench } from "./suites/natural_bench.ts";
export { negbenchMcq } from "./suites/negbench.ts";
export { spec } from "./suites/spec.ts";
export { sugarCrepe } from "./suites/sugar_crepe.ts";
export { sugarCrepePp } from "./suites/sugar_crepe_pp.ts";
export { svoProbes } from "./suites/svo_probes.ts";
export { valse } from "./suites/valse.ts";
export { vgAttribution, vgRelation } from "./suites/visual_genome_aro.ts";
export { vismin } from "./suites/vismin.ts";
export { vlChecklist } from "./suites/vl_checklist.ts";
export { whatsUp } from "./suites/whats_up.ts";
export { winoground } from "./suites/winoground.ts";
