import type {
  Benchmark,
  BenchmarkEntry,
  BenchmarkOptions,
  BenchmarkSource,
} from "../../core/benchmark.ts";
import {
  COCO_ORDER_SOURCE,
  cocoOrder,
  FLICKR30K_ORDER_SOURCE,
  flickr30kOrder,
} from "./suites/caption_order.ts";
import { bivlc, BIVLC_SOURCE } from "./suites/bivlc.ts";
import { COCO_COUNTERFACTUALS_SOURCE, cocoCounterfactuals } from "./suites/coco_counterfactuals.ts";
import { cola, COLA_SOURCE } from "./suites/cola.ts";
import { COLOR_SWAP_SOURCE, colorSwap } from "./suites/color_swap.ts";
import { crepe, CREPE_SOURCE } from "./suites/crepe.ts";
import { HALF_TRUTHS_SOURCE, halfTruths } from "./suites/half_truths.ts";
import { MMVP_VLM_SOURCE, mmvpVlm } from "./suites/mmvp_vlm.ts";
import { NATURAL_BENCH_SOURCE, naturalBench } from "./suites/natural_bench.ts";
import { NEGBENCH_MCQ_SOURCE, negbenchMcq } from "./suites/negbench.ts";
import { NEGBENCH_RETRIEVAL_SOURCE, negbenchRetrieval } from "./retrieval/negated_retrieval.ts";
import { spec, SPEC_SOURCE } from "./suites/spec.ts";
import { vismin, VISMIN_SOURCE } from "./suites/vismin.ts";
import { WHATS_UP_SOURCE, whatsUp } from "./suites/whats_up.ts";
import {
  COCO_RETRIEVAL_SOURCE,
  cocoRetrieval,
  FLICKR30K_RETRIEVAL_SOURCE,
  flickr30kRetrieval,
} from "./retrieval/karpathy_retrieval.ts";
import { SUGAR_CREPE_SOURCE, sugarCrepe } from "./suites/sugar_crepe.ts";
import { SUGAR_CREPE_PP_SOURCE, sugarCrepePp } from "./suites/sugar_crepe_pp.ts";
import { SVO_PROBES_SOURCE, svoProbes } from "./suites/svo_probes.ts";
import { valse, VALSE_SOURCE } from "./suites/valse.ts";
import {
  VG_ATTRIBUTION_SOURCE,
  VG_RELATION_SOURCE,
  vgAttribution,
  vgRelation,
} from "./suites/visual_genome_aro.ts";
import { VL_CHECKLIST_SOURCE, vlChecklist } from "./suites/vl_checklist.ts";
import { winoground, WINOGROUND_SOURCE } from "./suites/winoground.ts";
import {
  CIFAR100_SOURCE,
  CIFAR10_SOURCE,
  IMAGENET_SOURCE,
  zeroShotCifar10,
  zeroShotCifar100,
  zeroShotImageNet,
} from "./classification/zero_shot_sets.ts";

/** All that are at hand, those that came up since `all` was settled too. */
const SUITES = ["all-2026"];

/**
 * The benchmarks by name.
 *
 * @example
 * ```ts
 * import { BENCHMARKS } from "./registry.ts";
 *
 * const benchmark = BENCHMARKS["sugar_crepe"]?.create({ images: "val2017", limit: 10 });
 * console.assert(benchmark?.name === "sugarCrepe");
 * ```
 */
export const BENCHMARKS: Readonly<Record<string, BenchmarkEntry>> = {
  sugar_crepe: annotated(SUGAR_CREPE_SOURCE, sugarCrepe),
  sugar_crepe_pp: annotated(SUGAR_CREPE_PP_SOURCE, sugarCrepePp),
  sugar_crepe_pp_text: {
    source: SUGAR_CREPE_PP_SOURCE,
    suites: SUITES,
    takes: ["annotations", "partial", "limit"],
    create: (options) => sugarCrepePp({ ...options, textOnly: true }),
  },
  vg_relation: annotated(VG_RELATION_SOURCE, vgRelation),
  vg_attribution: annotated(VG_ATTRIBUTION_SOURCE, vgAttribution),
  coco_order: annotated(COCO_ORDER_SOURCE, cocoOrder),
  flickr30k_order: annotated(FLICKR30K_ORDER_SOURCE, flickr30kOrder),
  winoground: annotated(WINOGROUND_SOURCE, winoground),
  svo_probes: annotated(SVO_PROBES_SOURCE, svoProbes),
  valse: annotated(VALSE_SOURCE, valse),
  vl_checklist: annotated(VL_CHECKLIST_SOURCE, vlChecklist),
  cola: annotated(COLA_SOURCE, cola),
  coco_retrieval: annotated(COCO_RETRIEVAL_SOURCE, cocoRetrieval),
  flickr30k_retrieval: annotated(FLICKR30K_RETRIEVAL_SOURCE, flickr30kRetrieval),
  bivlc: later(embedded(BIVLC_SOURCE, bivlc)),
  whats_up: later(annotated(WHATS_UP_SOURCE, whatsUp)),
  negbench_mcq: later(annotated(NEGBENCH_MCQ_SOURCE, negbenchMcq)),
  negbench_retrieval: later(annotated(NEGBENCH_RETRIEVAL_SOURCE, negbenchRetrieval)),
  vismin: later(embedded(VISMIN_SOURCE, vismin)),
  mmvp_vlm: later(annotated(MMVP_VLM_SOURCE, mmvpVlm)),
  crepe: later(annotated(CREPE_SOURCE, crepe)),
  spec: later(annotated(SPEC_SOURCE, spec)),
  color_swap: later(annotated(COLOR_SWAP_SOURCE, colorSwap)),
  coco_counterfactuals: later(annotated(COCO_COUNTERFACTUALS_SOURCE, cocoCounterfactuals)),
  natural_bench: later(annotated(NATURAL_BENCH_SOURCE, naturalBench)),
  half_truths: later(annotated(HALF_TRUTHS_SOURCE, halfTruths)),
  imagenet1k: classified(IMAGENET_SOURCE, zeroShotImageNet),
  cifar10: classified(CIFAR10_SOURCE, zeroShotCifar10),
  cifar100: classified(CIFAR100_SOURCE, zeroShotCifar100),
};

function annotated(
  source: BenchmarkSource,
  factory: (options: BenchmarkOptions) => Benchmark,
): BenchmarkEntry {
  return {
    source,
    suites: SUITES,
    takes: ["images", "annotations", "partial", "limit"],
    // The factory checks its options: without a folder it says which pictures it needs.
    create: (options) => factory(options as BenchmarkOptions),
  };
}

function embedded(
  source: BenchmarkSource,
  factory: (options: Omit<BenchmarkOptions, "images">) => Benchmark,
): BenchmarkEntry {
  return {
    source,
    suites: SUITES,
    takes: ["annotations", "partial", "limit"],
    create: (options) => factory(options),
  };
}

/** One that `all` does not stand for, whose meaning is settled. */
function later(entry: BenchmarkEntry): BenchmarkEntry {
  return { ...entry, inAll: false };
}

function classified(
  source: BenchmarkSource,
  factory: typeof zeroShotImageNet,
): BenchmarkEntry {
  return {
    source,
    suites: SUITES,
    takes: ["images", "partial", "limit"],
    create: (options) => factory(options as Parameters<typeof zeroShotImageNet>[0]),
  };
}
