import { basename, extname } from "node:path";
import type { Context } from "../../../core/context.ts";
import type { Encoder, Evaluation } from "../../../core/evaluator.ts";
import { embedTexts } from "../../../core/scoring/embed_texts.ts";
import { classRanks, classWeights } from "../../../core/scoring/zero_shot.ts";
import { embedPictures, logBroken } from "../harness/embed_pictures.ts";
import { MissingPicturesError } from "../harness/missing_pictures.ts";
import { refuseEmptyClasses } from "./class_folder.ts";
import { classifiedItem, summarizeClassification } from "./classification_items.ts";
import type { ClassifiedPicture } from "./classified_picture.ts";
import { limitEachClass, type PictureFormat, readClassified } from "./classified_pictures.ts";

/** What {@linkcode evaluateZeroShot} is told. */
export interface ZeroShotSettings {
  /** The folder. */
  readonly images: string;
  readonly dataset: string;
  readonly format: PictureFormat;
  /** The classes' names in prompts; `null` for those of the files. */
  readonly classes: readonly string[] | null;
  /** With `{c}` for the class. */
  readonly templates: readonly string[];
  /** Pictures of each class. */
  readonly limit: number | null;
  /** How many pictures there should be. */
  readonly official: number | null;
  /** The official pictures' file names, where they have names of their own. */
  readonly names?: OfficialNames | undefined;
  readonly partial: boolean;
}

/** What the files of a known data set are called. */
export interface OfficialNames {
  /** The name of picture `index`. */
  readonly file: (index: number) => string;
  /** Where the pictures come from. */
  readonly from: string;
}

/** What there is to classify. */
interface ZeroShotPictures {
  /** The classes by the names that the files give them. */
  readonly found: readonly string[];
  /** The classes' names in prompts. */
  readonly classes: readonly string[];
  readonly pictures: readonly ClassifiedPicture[];
  /** How many there should be. */
  readonly of: number;
  /** The official pictures that are not there, where their names are known. */
  readonly missing: readonly string[];
}

/**
 * The pictures of a folder that are to be classified.
 *
 * @throws {MissingPicturesError} if there are fewer than the official pictures, their names are
 *   known and partial scores were not asked for.
 * @throws {RangeError} if there are not as many classes as names, or in any other way not the
 *   official number of pictures and partial scores were not asked for.
 */
export async function findZeroShotPictures(
  context: Context,
  settings: ZeroShotSettings,
): Promise<ZeroShotPictures> {
  const { images: folder, dataset, format, official, names } = settings;
  const read = await readClassified(context, folder, format, "test");
  const { classes: found, pictures: all } = read;
  // Where nobody has said which classes there are, a folder that is there by chance would be one.
  if (settings.classes === null && format === "folder") refuseEmptyClasses(folder, read);
  const classes = settings.classes ?? found.map((name) => name.replaceAll("_", " "));
  if (classes.length !== found.length) {
    throw new RangeError(
      `${folder}: expected a subfolder for each of ${classes.length} classes, found ${found.length}`,
    );
  }
  const missing = missingNames(all, settings);
  if (official !== null && all.length !== official && !settings.partial) {
    if (names !== undefined && missing.length > 0) {
      throw new MissingPicturesError(
        folder,
        official,
        missing,
        ` (${names.from}); partial: true scores those that are there`,
      );
    }
    throw new RangeError(
      `${folder}: expected the ${official} pictures of ${dataset}, found ${all.length}; ` +
        "partial: true scores those that are there",
    );
  }
  const pictures = limitEachClass(all, settings.limit);
  return { found, classes, pictures, of: official ?? all.length, missing };
}

/** The official pictures that are not there; none where not all files have official names. */
function missingNames(
  pictures: readonly ClassifiedPicture[],
  { official, names }: ZeroShotSettings,
): string[] {
  if (official === null || names === undefined || pictures.length === 0) return [];
  const files = Array.from({ length: official }, (_, index) => names.file(index));
  const expected = new Map(files.map((file) => [stem(file), file]));
  for (const { id } of pictures) if (!expected.delete(stem(id))) return [];
  return [...expected.values()];
}

/** Whoever has changed the format has changed the ending, too. */
function stem(path: string): string {
  return basename(path, extname(path));
}

/**
 * Zero-shot classification of the pictures in a folder.
 *
 * @throws what {@linkcode findZeroShotPictures} throws.
 */
export async function evaluateZeroShot(
  encoder: Encoder,
  context: Context,
  settings: ZeroShotSettings,
): Promise<readonly Evaluation[]> {
  const { dataset, templates } = settings;
  const found = await findZeroShotPictures(context, settings);
  const { classes, of } = found;
  const prompts = classes.flatMap((name) => templates.map((line) => line.replaceAll("{c}", name)));
  const weights = classWeights(await embedTexts(encoder, prompts), encoder.dim, templates.length);
  const { rows: images, kept, broken } = await embedPictures(encoder, {
    count: found.pictures.length,
    read: (index) => found.pictures[index]!.read(),
    key: (index) => found.pictures[index]!.key(),
    name: (index) => found.pictures[index]!.id,
  }, settings.official !== null && settings.partial ? logBroken(context, dataset) : undefined);
  const pictures = kept.map((index) => found.pictures[index]!);
  const missing = [...found.missing, ...broken.map((index) => found.pictures[index]!.id)];
  const partial = pictures.length === of ? undefined : { of, missing };
  const labels = pictures.map(({ label }) => label);
  const ranks = classRanks(images, weights, labels, encoder.dim);
  const itemScores = ranks.map(({ before, own, rival, other }, index) => ({
    ...classifiedItem(pictures[index]!, found.found, before, ""),
    texts: [labels[index]!, rival].flatMap((row) => classes[row] ?? []),
    scores: rival === -1 ? [own] : [own, other],
  }));
  const named = { dataset, task: "zeroshot_classification", partial };
  return [summarizeClassification(named, itemScores, "", classes.length)];
}
