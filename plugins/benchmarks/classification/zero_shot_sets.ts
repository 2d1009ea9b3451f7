import { z } from "zod";
import { expandHome } from "../../../core/host/expand_home.ts";
import { defineComponent } from "../../../core/define_component.ts";
import type { Benchmark, BenchmarkOptions, BenchmarkSource } from "../../../core/benchmark.ts";
import { type PictureFormat, pictureFormatOf } from "./classified_pictures.ts";
import {
  evaluateZeroShot,
  findZeroShotPictures,
  type ZeroShotSettings,
} from "./evaluate_zero_shot.ts";
import { picturesOption } from "../harness/item_benchmark.ts";
import { zeroShotClassNames, zeroShotTemplates } from "./zero_shot_names.ts";

/** Where zero-shot classification of ImageNet comes from. */
export const IMAGENET_SOURCE: BenchmarkSource = {
  title: "ImageNet-1k",
  paper: "https://arxiv.org/abs/1409.0575",
  homepage: "https://www.image-net.org",
  annotations: null,
  pictures: "ILSVRC2012's validation pictures, sorted into folders n01440764 … by class; " +
    "asked for at https://www.image-net.org/download.php",
  licence: "ImageNet's own terms (research)",
  gated: true,
  items: 50000,
};

/** Where zero-shot classification of CIFAR-10 comes from. */
export const CIFAR10_SOURCE: BenchmarkSource = cifarSource("10");

/** Where zero-shot classification of CIFAR-100 comes from. */
export const CIFAR100_SOURCE: BenchmarkSource = cifarSource("100");

/**
 * Zero-shot classification of ImageNet's validation pictures with OpenAI's 80 templates and class
 * names (CLIP_benchmark's `imagenet1k`): the embeddings of a class's prompts are normalised,
 * averaged and normalised again, and a picture belongs to the nearest class. `acc1` (the headline),
 * `acc5`, and `mean_per_class_recall`, which is the mean of `acc1` over classes. Of equally
 * near classes the first wins, as in the field's code; "missile" and "sunglasses" name two each.
 *
 * An item's scores are the cosines of the picture with its own class and with the nearest other one,
 * whose names are its texts; its group is its class.
 *
 * `evaluate` throws a `RangeError` if there are other than 1,000 folders or 50,000 pictures; and,
 * where all files have ILSVRC2012's names, a {@linkcode MissingPicturesError} that has those of all
 * pictures that are missing.
 *
 * @param options.images The folder of the pictures; or several, of which the first is taken that holds
 *   the classes.
 * @param options.partial Whether it is scored even where pictures are missing; the result then says so.
 *   Default: no.
 * @param options.limit Use only so many pictures of each class, the first ones. Default `null`: all.
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { zeroShotImageNet } from "@syntagma/syntagma/benchmarks";
 *
 * console.assert(zeroShotImageNet({ images: "imagenet/val" }).source.items === 50000);
 * ```
 */
export const zeroShotImageNet: (options: Omit<BenchmarkOptions, "annotations">) => Benchmark =
  defineZeroShot(
    "zeroShotImageNet",
    IMAGENET_SOURCE,
    {
      dataset: "imagenet1k",
      format: "folder",
      classes: "imagenet1k",
      names: {
        file: (index) => `ILSVRC2012_val_${(index + 1).toString().padStart(8, "0")}.JPEG`,
        from: IMAGENET_SOURCE.pictures,
      },
    },
  );

/**
 * Zero-shot classification of CIFAR-10's test pictures from its binary version, scored as
 * {@linkcode zeroShotImageNet} with OpenAI's 18 templates.
 *
 * @param options As of {@linkcode zeroShotImageNet}.
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { zeroShotCifar10 } from "@syntagma/syntagma/benchmarks";
 *
 * console.assert(zeroShotCifar10({ images: "cifar-10-batches-bin" }).name === "zeroShotCifar10");
 * ```
 */
export const zeroShotCifar10: (options: Omit<BenchmarkOptions, "annotations">) => Benchmark =
  defineZeroShot(
    "zeroShotCifar10",
    CIFAR10_SOURCE,
    { dataset: "cifar10", format: "cifar10", classes: null },
  );

/**
 * Zero-shot classification of CIFAR-100's test pictures from its binary version, scored as
 * {@linkcode zeroShotImageNet} with OpenAI's 18 templates.
 *
 * @param options As of {@linkcode zeroShotImageNet}.
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { zeroShotCifar100 } from "@syntagma/syntagma/benchmarks";
 *
 * console.assert(zeroShotCifar100({ images: "cifar-100-binary" }).name === "zeroShotCifar100");
 * ```
 */
export const zeroShotCifar100: (options: Omit<BenchmarkOptions, "annotations">) => Benchmark =
  defineZeroShot(
    "zeroShotCifar100",
    CIFAR100_SOURCE,
    { dataset: "cifar100", format: "cifar100", classes: null },
  );

function defineZeroShot(
  name: string,
  source: BenchmarkSource,
  known: Pick<ZeroShotSettings, "dataset" | "format" | "names"> & { classes: string | null },
): typeof zeroShotImageNet {
  return defineComponent({
    name,
    schema: z.strictObject({
      images: picturesOption(source),
      partial: z.boolean().default(false),
      limit: z.int().min(1).nullable().default(null),
    }),
    make: (options) => {
      const classes = known.classes === null ? null : zeroShotClassNames(known.classes);
      const find = async () => ({
        ...known,
        ...options,
        images: await chooseFolder(options.images, source, known.format, classes?.length),
        classes,
        templates: zeroShotTemplates(known.dataset),
        official: source.items,
      });
      return {
        source,
        alias: known.dataset,
        check: async (context) => {
          await findZeroShotPictures(context, await find());
        },
        evaluate: async (encoder, context) =>
          await evaluateZeroShot(encoder, context, await find()),
      };
    },
  });
}

/** The first folder that holds the data set; a single one is taken as it is. */
async function chooseFolder(
  images: string | readonly string[],
  { pictures }: BenchmarkSource,
  format: PictureFormat,
  classes: number | undefined,
): Promise<string> {
  const folders = [images].flat().map((folder) => expandHome(folder));
  if (folders.length === 1) return folders[0]!;
  for (const folder of folders) {
    const fits = await pictureFormatOf(folder) === format &&
      (format !== "folder" || await countFolders(folder) === classes);
    if (fits) return folder;
  }
  throw new RangeError(
    `${folders.join(", ")}: expected one of these folders to be that of its pictures ` +
      `(${pictures}), found none`,
  );
}

async function countFolders(folder: string): Promise<number> {
  const isFolder = await Deno.stat(folder).then((info) => info.isDirectory, () => false);
  if (!isFolder) return 0;
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.filter(({ isFile }) => !isFile).length;
}

function cifarSource(classes: "10" | "100"): BenchmarkSource {
  const archive = classes === "10" ? "cifar-10-binary.tar.gz" : "cifar-100-binary.tar.gz";
  const folder = classes === "10" ? "cifar-10-batches-bin" : "cifar-100-binary";
  return {
    title: `CIFAR-${classes}`,
    paper: "https://www.cs.toronto.edu/~kriz/learning-features-2009-TR.pdf",
    homepage: "https://www.cs.toronto.edu/~kriz/cifar.html",
    annotations: null,
    pictures: `${folder} of https://www.cs.toronto.edu/~kriz/${archive}`,
    licence: "none stated",
    gated: false,
    items: 10000,
  };
}
