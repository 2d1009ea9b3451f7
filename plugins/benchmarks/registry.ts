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
import { cola, COLA_SOURCE } from "./suites/cola.ts";
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
  type ZeroShotOptions,
} from "./classification/zero_shot_sets.ts";

/**
 * The benchmarks by name.
 *
 * @example
 * ```ts
 * import { BENCHMARKS } from "@syntagma/syntagma/benchmarks";
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
    takes: ["images", "annotations", "partial", "limit"],
    // The factory checks its options: without a folder it says which pictures it needs.
    create: (options) => factory(options as BenchmarkOptions),
  };
}

function classified(
  source: BenchmarkSource,
  factory: (options: ZeroShotOptions) => Benchmark,
): BenchmarkEntry {
  return {
    source,
    takes: ["images", "partial", "limit"],
    create: (options) => factory(options as ZeroShotOptions),
  };
}
