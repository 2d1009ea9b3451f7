import { basename } from "node:path";
import { z } from "zod";
import { joinAddress } from "../../../core/host/assets/address.ts";
import type { Benchmark, BenchmarkOptions, BenchmarkSource } from "../../../core/benchmark.ts";
import type { Context } from "../../../core/context.ts";
import type { Evaluation } from "../../../core/evaluator.ts";
import { averageParts } from "../../../core/scoring/summarize.ts";
import { selectTrueOrder } from "../../../core/scoring/rules.ts";
import type { BenchmarkSubset } from "../harness/benchmark_item.ts";
import { driveFile } from "../harness/drive_file.ts";
import { defineItemBenchmark, type ItemBenchmarkOptions } from "../harness/item_benchmark.ts";
import { readAnnotations } from "../harness/read_annotations.ts";
import { scoreTogether } from "../harness/score_together.ts";

/** Where What'sUp comes from. */
export const WHATS_UP_SOURCE: BenchmarkSource = {
  title: "What'sUp",
  paper: "https://arxiv.org/abs/2310.19785",
  homepage: "https://github.com/amitakamath/whatsup_vlms",
  annotations: "https://drive.google.com/drive/folders/164q6X9hrvP-QYpi3ioSnfMuyHpG5oRkZ",
  pictures: "controlled_images and controlled_clevr of its page, COCO's val2017, and its vg_images",
  licence: "MIT",
  gated: false,
  items: 4958,
};

/** A part: its file, where Drive has that, and how many items it has. */
interface Part {
  readonly file: string;
  readonly drive: string;
  readonly official: number;
}

/** Pictures of two objects, four of a pair of them: of their four places each is shown once. */
const PLACED: Readonly<Record<string, Part>> = {
  a: {
    file: "controlled_images_dataset.json",
    drive: "1ap8mmmpQjLIjPGuplkpBgc1hoEHCj4hm",
    official: 412,
  },
  b: {
    file: "controlled_clevr_dataset.json",
    drive: "1unNNosLbdy9NDjgj4l8fsQP3WiAAGA6z",
    official: 408,
  },
};

/** Photos with a true and a false caption. */
const ASKED: Readonly<Record<string, Part>> = {
  coco_one: {
    file: "coco_qa_one_obj.json",
    drive: "1RsMdpE9mmwnK4zzMPpC1-wTU_hNis-dq",
    official: 2247,
  },
  coco_two: {
    file: "coco_qa_two_obj.json",
    drive: "1TCEoM0mgFmz8T4cF7PQ3XJmO6JjtiQ-s",
    official: 440,
  },
  vg_one: {
    file: "vg_qa_one_obj.json",
    drive: "1ARMRzRdohs9QTr1gpIfzyUzvW20wYp_p",
    official: 1160,
  },
  vg_two: {
    file: "vg_qa_two_obj.json",
    drive: "1sjVG5O3QMY8s118k7kQM8zzDZH12i_95",
    official: 291,
  },
};

const placed = z.array(z.object({
  image_path: z.string().regex(/_/, {
    error: "expected the name of a picture with its place in it",
  }),
  caption_options: z.array(z.string()).length(4),
}));
const asked = z.array(z.tuple([z.union([z.int(), z.string()]), z.string(), z.string()]));

/**
 * What'sUp (Kamath et al., 2023): where is it? Parts A and B show two objects in four places and have
 * four captions (chance 25 %); `coco_…` and `vg_…` are photos with one or two objects and two captions
 * (chance 50 %). `acc`, the headline, is the authors' accuracy, in which a tie is right, because they
 * take the first of the largest and the true caption stands first; `strict_acc` counts ties as wrong.
 * `whats_up/a_pairs` (both of left and right, both of on and under) and `/a_sets` (all four places),
 * the same of B, are right where all of their items are. `whats_up` is the unweighted mean of the six
 * parts (`macro_acc`).
 *
 * An item's scores are the cosines of the picture with the true caption and the false ones.
 *
 * `evaluate` throws as that of {@linkcode sugarCrepe}.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { whatsUp } from "@syntagma/syntagma/benchmarks";
 *
 * const benchmark = whatsUp({ images: ["whats_up", "val2017", "whats_up/vg_images"] });
 * console.assert(benchmark.source.items === 4958);
 * ```
 */
export const whatsUp: (options: BenchmarkOptions) => Benchmark = defineItemBenchmark({
  name: "whatsUp",
  source: WHATS_UP_SOURCE,
  rule: () => selectTrueOrder,
  load,
  combine,
});

function load(
  context: Context,
  { annotations }: ItemBenchmarkOptions,
): Promise<BenchmarkSubset[]> {
  const addressOf = ({ file, drive }: Part) =>
    annotations === WHATS_UP_SOURCE.annotations ? driveFile(drive) : joinAddress(annotations, file);
  return Promise.all([
    ...Object.entries(PLACED).map(async ([name, part]) => ({
      dataset: `whats_up/${name}`,
      official: part.official,
      items: (await readAnnotations(context, addressOf(part), placed)).map((item) => ({
        id: basename(item.image_path),
        images: [{ file: item.image_path }],
        texts: item.caption_options,
      })),
    })),
    ...Object.entries(ASKED).map(async ([name, part]) => ({
      dataset: `whats_up/${name}`,
      official: part.official,
      items: (await readAnnotations(context, addressOf(part), asked)).map(
        ([picture, right, wrong], index) => ({
          id: `${index}`,
          images: [{ file: pictureFile(name, picture) }],
          texts: [right, wrong],
        }),
      ),
    })),
  ]);
}

function pictureFile(part: string, picture: number | string): string {
  return part.startsWith("coco") ? `${`${picture}`.padStart(12, "0")}.jpg` : `${picture}.jpg`;
}

function combine(subsets: readonly Evaluation[]): Evaluation[] {
  const together = Object.keys(PLACED).flatMap((part) => {
    const found = subsets.find(({ dataset }) => dataset === `whats_up/${part}`);
    if (found === undefined) return [];
    const { dataset } = found;
    return [
      scoreTogether(found, { dataset: `${dataset}_pairs`, size: 2, keyOf: ({ id }) => pairOf(id) }),
      scoreTogether(found, { dataset: `${dataset}_sets`, size: 4, keyOf: ({ id }) => setOf(id) }),
    ].filter((each) => each !== undefined);
  });
  return [...together, averageParts("whats_up", "macro_acc", subsets)];
}

/** The two objects of a picture `mug_left_of_plate.jpeg`: the first and the last word. */
function setOf(name: string): string {
  const words = name.replace(/\.\w+$/, "").split("_");
  return `${words[0]} and ${words.at(-1)}`;
}

/** As {@linkcode setOf}, with what two places of the four have in common. */
function pairOf(name: string): string {
  const place = name.split("_")[1]!;
  return `${setOf(name)}, ${/^(left|right)$/.test(place) ? "side by side" : "otherwise"}`;
}
