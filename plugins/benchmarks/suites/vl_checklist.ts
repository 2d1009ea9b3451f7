import { z } from "zod";
import { joinAddress } from "../../../core/host/assets/address.ts";
import { averageParts } from "../../../core/scoring/summarize.ts";
import type { Context } from "../../../core/context.ts";
import type { Evaluation } from "../../../core/evaluator.ts";
import type { Benchmark, BenchmarkOptions, BenchmarkSource } from "../../../core/benchmark.ts";
import { averageUnder } from "../harness/average_under.ts";
import type { BenchmarkSubset } from "../harness/benchmark_item.ts";
import { defineItemBenchmark, type ItemBenchmarkOptions } from "../harness/item_benchmark.ts";
import { readAnnotations } from "../harness/read_annotations.ts";
import { selectTrueText } from "../../../core/scoring/rules.ts";

/** Where VL-CheckList comes from. */
export const VL_CHECKLIST_SOURCE: BenchmarkSource = {
  title: "VL-CheckList",
  paper: "https://arxiv.org/abs/2207.00221",
  homepage: "https://github.com/om-ai-lab/VL-CheckList",
  annotations: "https://raw.githubusercontent.com/om-ai-lab/VL-CheckList/main/data",
  pictures: "Visual Genome, SWiG and HAKE in folders vg, swig and hake, as its DATASETS.md says",
  licence: "none stated",
  gated: false,
  items: null,
};

/** Its authors' setting: so many items of each file, the first ones. */
const MOST_ITEMS = 1000;

/**
 * How many items the files hold whose size leaves it open whether they have 1,000, by the name of
 * their subset; `null` where they have not been counted.
 */
const SMALL_FILES: Readonly<Record<string, number | null>> = {
  "attribute/vg/state": null,
  "object/swig/agent_margin": null,
  "object/swig/agent_medium": null,
  "object/swig/agent_small": null,
  "object/swig/destination_center": null,
  "object/swig/destination_margin": null,
  "object/swig/destination_medium": null,
  "object/swig/destination_mid": null,
  "object/swig/destination_small": 9,
  "object/swig/item_margin": null,
  "object/swig/item_medium": null,
  "object/swig/item_small": null,
  "object/swig/tool_margin": null,
  "object/swig/tool_small": null,
};

/** A file of items: the kind of understanding, the source and the path among the annotations. */
interface ChecklistFile {
  readonly kind: "attribute" | "object" | "relation";
  readonly source: "vg" | "vaw" | "swig" | "hake";
  readonly name: string;
  readonly path: string;
}

const FILES: readonly ChecklistFile[] = [
  ...["action", "color", "material", "size", "state"].flatMap((name) =>
    (["vg", "vaw"] as const).map((source): ChecklistFile => ({
      kind: "attribute",
      source,
      name,
      path: `Attribute/${source}/${name}.json`,
    }))
  ),
  ...["center", "mid", "margin"].flatMap((place) => objectFiles("Location", place)),
  ...["large", "medium", "small"].flatMap((size) => objectFiles("Size", size)),
  { kind: "relation", source: "vg", name: "action", path: "Relation/vg/action.json" },
  { kind: "relation", source: "vg", name: "spatial", path: "Relation/vg/spatial.json" },
  { kind: "relation", source: "swig", name: "action", path: "Relation/swig_action.json" },
  { kind: "relation", source: "hake", name: "action", path: "Relation/hake_action.json" },
];

/** The folder of a source's pictures; those of VAW are Visual Genome's. */
const FOLDERS = { vg: "vg", vaw: "vg", swig: "swig", hake: "hake" } as const;

const texts = z.array(z.string()).min(1);
const file = z.array(z.tuple([z.string(), z.object({ POS: texts, NEG: texts })]));

/**
 * VL-CheckList (Zhao et al., 2022): is the picture nearer to the true text than to one with an
 * attribute, an object or a relation replaced, in the first 1,000 items of each file? A tie is
 * wrong, as in the authors' code. `acc` of each file; `vl_checklist/attribute/vg` and its like
 * average the files of a source, and `vl_checklist/attribute`, `/object` and `/relation` the sources
 * (`macro_acc`, the headline, unweighted in both).
 *
 * An item's scores are the cosines of the picture with the true text and with the false one.
 *
 * The authors do not tell how many items their files hold. By their size all but fourteen of the 56
 * hold 1,000, so that fewer are refused, or told as partial where `partial` asks for them. Of those
 * fourteen (`vl_checklist/attribute/vg/state` and the rarer places and sizes of SWiG) one holds 9;
 * the others are taken as they are, and whether such a file is whole is not checked.
 *
 * `evaluate` throws as that of {@linkcode sugarCrepe}.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { vlChecklist } from "@syntagma/syntagma/benchmarks";
 *
 * console.assert(vlChecklist({ images: "checklist" }).source.title === "VL-CheckList");
 * ```
 */
export const vlChecklist: (options: BenchmarkOptions) => Benchmark = defineItemBenchmark({
  name: "vlChecklist",
  source: VL_CHECKLIST_SOURCE,
  rule: () => selectTrueText,
  load,
  combine,
});

function load(
  context: Context,
  { annotations }: ItemBenchmarkOptions,
): Promise<BenchmarkSubset[]> {
  return Array.fromAsync(FILES, async ({ kind, source, name, path }) => {
    const all = await readAnnotations(context, joinAddress(annotations, path), file);
    const items = all.slice(0, MOST_ITEMS).map(([picture, { POS, NEG }], index) => ({
      id: `${index}`,
      images: [{ file: `${FOLDERS[source]}/${picture}` }],
      texts: [POS[0]!, NEG[0]!],
    }));
    const subset = `${kind}/${source}/${name}`;
    const small = SMALL_FILES[subset];
    const official = small === undefined ? MOST_ITEMS : small;
    return { dataset: `vl_checklist/${subset}`, official, items };
  });
}

function combine(subsets: readonly Evaluation[]): Evaluation[] {
  return ["attribute", "object", "relation"].flatMap((kind) => {
    const dataset = `vl_checklist/${kind}`;
    const sources = Object.keys(FOLDERS).flatMap((source) =>
      averageUnder(`${dataset}/${source}/`, `${dataset}/${source}`, "macro_acc", subsets)
    );
    return sources.length === 0 ? [] : [...sources, averageParts(dataset, "macro_acc", sources)];
  });
}

function objectFiles(aspect: "Location" | "Size", value: string): ChecklistFile[] {
  const folder = (source: string) => `Object/${aspect}/${source}_${aspect.toLowerCase()}`;
  const swig = ["agent", "destination", "item", "tool"].map((role): ChecklistFile => ({
    kind: "object",
    source: "swig",
    name: `${role}_${value}`,
    path: `${folder("swig")}/swig_${role}/swig_${role}_${value}.json`,
  }));
  const vg = ["obj", "subj"].map((role): ChecklistFile => ({
    kind: "object",
    source: "vg",
    name: `${role}_${value}`,
    path: `${folder("vg")}/vg_${role}_${value}.json`,
  }));
  const path = `${folder("hake")}/hake_obj_${value}.json`;
  return [...vg, ...swig, { kind: "object", source: "hake", name: `obj_${value}`, path }];
}
