import type { Evaluator } from "../../../core/evaluator.ts";
import { pictureFormatOf } from "../../benchmarks/classification/classified_pictures.ts";
import { linearProbe } from "../../benchmarks/classification/linear_probe.ts";
import { zeroShotClassification } from "../../benchmarks/classification/zero_shot_classification.ts";
import { captionRetrieval } from "../../benchmarks/retrieval/caption_retrieval.ts";
import { captions } from "../../captions/captions.ts";
import { type CaptionChoices, captionChoices } from "../cli/caption_choices.ts";

/** What benchmarks on one's own data are made with. */
export interface OwnDataChoices extends CaptionChoices {
  /** Folders that a table's pictures are looked for in, before its own. */
  readonly images?: readonly string[] | undefined;
  /** Score only so many pictures, or so many of each class. */
  readonly limit?: number | undefined;
}

/** Makes a benchmark of the data at a path, which is also its name in results. */
type Make = (path: string, choices: OwnDataChoices) => Promise<Evaluator>;

const kinds: Readonly<Record<string, { readonly form: string; readonly make: Make }>> = {
  folder: {
    form: "<folder with a subfolder for each class>",
    make: async (path, { limit }) =>
      zeroShotClassification({
        images: path,
        dataset: path,
        format: await pictureFormatOf(path),
        limit: limit ?? null,
      }),
  },
  captions: {
    form: "<table, COCO's or other JSON, Parquet, tar or folder of pictures and captions>",
    // deno-lint-ignore require-await -- so that options that are refused are a rejection
    make: async (path, { images, limit, ...choices }) => {
      const data = captions({
        path,
        images: images ?? null,
        ...captionChoices(choices),
      });
      return captionRetrieval({ data, dataset: path, limit: limit ?? null });
    },
  },
  probe: {
    form: "<folder with train and test, or with CIFAR's binary files>",
    make: async (path, { limit }) =>
      linearProbe({
        images: path,
        dataset: path,
        format: await pictureFormatOf(path),
        limit: limit ?? null,
      }),
  },
};

/** How data of one's own are named as a benchmark. */
export const ownDataForms: readonly string[] = Object.entries(kinds).map(([kind, { form }]) =>
  `${kind}:${form}`
);

/**
 * A benchmark on one's own data: `folder:<path>` is zero-shot classification, `captions:<path>`
 * retrieval both ways, `probe:<path>` a linear probe.
 *
 * @returns what makes it; undefined if the name is of no such form.
 * @throws {RangeError} if no path is given.
 */
export function ownData(
  name: string,
  choices: OwnDataChoices,
): (() => Promise<Evaluator>) | undefined {
  const { kind = "", path = "" } = /^(?<kind>\w+):(?<path>.*)$/s.exec(name)?.groups ?? {};
  if (!Object.hasOwn(kinds, kind)) return undefined;
  const { form, make } = kinds[kind]!;
  if (path.trim() === "") {
    throw new RangeError(`expected ${kind}:${form}, found no path in "${name}"`);
  }
  // One name for a folder, with and without a slash at its end.
  const plain = path.replace(/(?<=[^/\\])[/\\]+$/, "");
  return () => make(plain, choices);
}
