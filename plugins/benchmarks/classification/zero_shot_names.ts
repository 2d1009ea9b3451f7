import classNames from "./zero_shot_data/en_classnames.json" with { type: "json" };
import templates from "./zero_shot_data/en_zeroshot_classification_templates.json" with {
  type: "json",
};
import { nearest } from "../../../core/nearest.ts";

/** The data sets that CLIP_benchmark has class names of. */
export const CLASS_NAME_SETS: readonly string[] = Object.keys(classNames);

/** The data sets that CLIP_benchmark has templates of. */
export const TEMPLATE_SETS: readonly string[] = Object.keys(templates);

/**
 * CLIP_benchmark's class names of a data set, in the order of its classes.
 *
 * @throws {RangeError} if there are none.
 */
export function zeroShotClassNames(dataset: string): readonly string[] {
  return lookUp(classNames, dataset, "class names");
}

/**
 * CLIP_benchmark's templates of a data set, with `{c}` for the class; those of ImageNet and CIFAR
 * are OpenAI's.
 *
 * @throws {RangeError} if there are none.
 */
export function zeroShotTemplates(dataset: string): readonly string[] {
  return lookUp(templates, dataset, "templates");
}

function lookUp(
  lists: Readonly<Record<string, readonly string[]>>,
  dataset: string,
  what: string,
): readonly string[] {
  if (Object.hasOwn(lists, dataset)) return lists[dataset]!;
  const guess = nearest(dataset, Object.keys(lists));
  throw new RangeError(
    `expected a data set with ${what} (${Object.keys(lists).join(", ")}), found "${dataset}"` +
      (guess === undefined ? "" : `; did you mean "${guess}"?`),
  );
}
