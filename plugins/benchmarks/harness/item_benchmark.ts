import { z } from "zod";
import { shortened } from "../../../core/shortened.ts";
import type { OptionsSchema } from "../../../core/check_options.ts";
import { defineComponent } from "../../../core/define_component.ts";
import type { Context } from "../../../core/context.ts";
import type { Encoder, Evaluation } from "../../../core/evaluator.ts";
import type { Benchmark, BenchmarkSource } from "../../../core/benchmark.ts";
import type { BenchmarkRule } from "../../../core/scoring/rules.ts";
import type { BenchmarkItem, BenchmarkSubset } from "./benchmark_item.ts";
import { logBroken } from "./embed_pictures.ts";
import { checkSomeFound, findPictures, missingPictures, readPictures } from "./picture_folder.ts";
import { embedItems, type PictureReader, scoreSubset } from "./score_items.ts";

/** The options that every benchmark of items has: `BenchmarkOptions` with their defaults. */
export type ItemBenchmarkOptions = {
  /** The folder of the pictures, or several; `null` where none are needed. */
  readonly images: string | readonly string[] | null;
  /** The address of the annotations. */
  readonly annotations: string;
  /** Whether it is scored even where pictures are missing. */
  readonly partial: boolean;
  /** Score only so many items of each subset. */
  readonly limit: number | null;
};

/** A benchmark of items, which {@linkcode defineItemBenchmark} makes a factory of. */
export interface ItemBenchmarkDefinition<O extends ItemBenchmarkOptions> {
  /** The factory's name. */
  readonly name: string;
  /** Where it comes from. Default for what is not said: `null`, and that it is not gated. */
  readonly source:
    & Pick<BenchmarkSource, "title" | "pictures" | "licence">
    & Partial<BenchmarkSource>;
  /** The name that `evaluate` knows it by with such options, where that is another. */
  readonly alias?: (options: O) => string | undefined;
  /** Its options, if it has more than every benchmark of items has. */
  readonly schema?: OptionsSchema<O>;
  /** CLIP_benchmark's name of what is done. Default: `"image_caption_selection"`. */
  readonly task?: string;
  /** The metric that stands for a subset. Default: `"acc"`. */
  readonly headline?: (options: O) => string;
  /** Decides what an item counts as. */
  readonly rule: (options: O) => BenchmarkRule;
  /** Reads the annotations. */
  readonly load: (context: Context, options: O) => Promise<readonly BenchmarkSubset[]>;
  /** Averages over the subsets that were scored. */
  readonly combine?: (subsets: readonly Evaluation[], options: O) => readonly Evaluation[];
}

/** The zod shape of {@linkcode ItemBenchmarkOptions}, for schemas of benchmarks. */
export function itemBenchmarkShape(source: BenchmarkSource) {
  const { annotations } = source;
  return {
    images: picturesOption(source),
    annotations: annotations === null
      ? z.string({ error: `expected the address of its annotations (${source.homepage})` }).min(1)
      : z.string().min(1).default(annotations),
    partial: z.boolean().default(false),
    limit: z.int().min(1).nullable().default(null),
  };
}

/** As {@linkcode itemBenchmarkShape}, of a benchmark whose pictures stand among its annotations. */
export function embeddedBenchmarkShape(source: BenchmarkSource) {
  return { ...itemBenchmarkShape(source), images: z.null().default(null) };
}

/** The zod schema of a folder of pictures, or several. */
export function picturesOption(source: BenchmarkSource) {
  return z.union([z.string().min(1), z.array(z.string().min(1)).min(1)], {
    error: expectedPictures(source),
  });
}

/** What is expected where the folder of pictures is not given, or is something else. */
export function expectedPictures({ pictures }: BenchmarkSource): string {
  return `the folder of its pictures (${pictures})`;
}

/**
 * A factory of a benchmark of items: the annotations are read and counted, pictures that are
 * missing are named before anything is embedded, and every picture and text is embedded once.
 */
export function defineItemBenchmark<O extends ItemBenchmarkOptions = ItemBenchmarkOptions>(
  given: ItemBenchmarkDefinition<O>,
): (options: unknown) => Benchmark {
  const definition: Filled<O> = {
    task: "image_caption_selection",
    headline: () => "acc",
    ...given,
    source: { ...UNSAID, ...given.source },
  };
  const { name, source } = definition;
  const schema = definition.schema ??
    z.strictObject(itemBenchmarkShape(source)) as OptionsSchema<unknown> as OptionsSchema<O>;
  return defineComponent({
    name,
    schema,
    make: (options) => ({
      source,
      ...aliasOf(definition, options),
      check: async (context: Context) => {
        await gather(definition, options, context);
      },
      evaluate: (encoder: Encoder, context: Context) =>
        evaluate(definition, options, encoder, context),
    }),
  });
}

/** What a source need not say. */
const UNSAID = { paper: null, homepage: null, annotations: null, gated: false, items: null };

/** A definition with its defaults. */
type Filled<O extends ItemBenchmarkOptions> =
  & ItemBenchmarkDefinition<O>
  & Required<Pick<ItemBenchmarkDefinition<O>, "task" | "headline">>
  & { readonly source: BenchmarkSource };

function aliasOf<O extends ItemBenchmarkOptions>(
  { alias }: Pick<ItemBenchmarkDefinition<O>, "alias">,
  options: O,
) {
  const found = alias?.(options);
  return found === undefined ? {} : { alias: found };
}

async function evaluate<O extends ItemBenchmarkOptions>(
  definition: Filled<O>,
  options: O,
  encoder: Encoder,
  context: Context,
): Promise<readonly Evaluation[]> {
  const { name, task } = definition;
  const gathered = await gather(definition, options, context);
  const embedded = await embedItems(
    encoder,
    gathered.subsets.flatMap(({ items }) => items),
    gathered.pictures,
    options.partial ? logBroken(context, name) : undefined,
  );
  const subsets = leaveOut(gathered.subsets, embedded.broken);
  const rule = definition.rule(options);
  const headline = definition.headline(options);
  const evaluations = subsets.flatMap(({ dataset, items, whole }) => {
    if (items.length === 0) {
      context.log(`${dataset}: no item has all of its pictures; it is left out`);
      return [];
    }
    const partial = items.length === whole.of ? undefined : whole;
    return [scoreSubset({ dataset, task, headline, partial }, items, embedded, rule)];
  });
  if (evaluations.length === 0) {
    const missing = subsets.flatMap(({ whole }) => whole.missing);
    throw new RangeError(
      `${name}: expected at least one item with all of its pictures in ` +
        `${[options.images ?? []].flat().join(", ")}, found none; missing or broken are ` +
        `${missing[0]} and ${new Set(missing).size - 1} more`,
    );
  }
  return [...evaluations, ...average(definition, options, subsets, evaluations)];
}

/** A subset's items that can be scored. */
interface GatheredSubset {
  readonly dataset: string;
  readonly items: readonly BenchmarkItem[];
  /** How many items there should be, and which pictures are missing. */
  readonly whole: NonNullable<Evaluation["partial"]>;
}

/** The items to score and their pictures; refuses what is missing unless that is asked for. */
async function gather<O extends ItemBenchmarkOptions>(
  { name, source, load }: Filled<O>,
  options: O,
  context: Context,
): Promise<{ readonly subsets: readonly GatheredSubset[]; readonly pictures: PictureReader }> {
  const { images, limit, partial } = options;
  const loaded = await load(context, options);
  for (const { dataset, official = null, items } of loaded) {
    if (official !== null && items.length !== official && !partial) {
      throw new RangeError(
        `${name}: expected the ${official} items of ${dataset} in its annotations, found ` +
          `${items.length}; partial: true scores those that are there`,
      );
    }
  }
  if (loaded.every(({ items }) => items.length === 0)) {
    throw new RangeError(`${name}: expected items in its annotations, found none`);
  }
  const chosen = loaded.map((subset) => ({
    dataset: subset.dataset,
    of: subset.official ?? subset.items.length,
    items: subset.items.slice(0, limit ?? Infinity)
      .map((item, index): BenchmarkItem => ({ id: `${index}`, ...item })),
  }));
  for (const [i, { dataset, items }] of chosen.entries()) {
    // A file of known length is the authors' own, as it is.
    if ((loaded[i]!.official ?? null) === null) checkIds(name, dataset, items);
  }
  const files = filesToFind(chosen.flatMap(({ items }) => items));
  // Where only texts are compared, no folder is looked at.
  const folders = files.length === 0 ? [] : [images ?? []].flat();
  const found = await findPictures(folders, files);
  if (found.missing.length > 0 && !partial) throw missingPictures(folders, found, source.pictures);
  checkSomeFound(folders, found, source.pictures);
  const wanted = chosen.map(({ dataset, of, items }) => ({
    dataset,
    items,
    whole: { of, missing: [] },
  }));
  const subsets = leaveOut(wanted, new Set(found.missing));
  return { subsets, pictures: readPictures(context, found) };
}

/** Scores are told apart and compared by the ids of items. */
function checkIds(name: string, dataset: string, items: readonly BenchmarkItem[]): void {
  const known = new Set<string>();
  for (const { id } of items) {
    if (known.has(id)) {
      throw new RangeError(
        `${name}: expected items of ${dataset} with ids of their own, found two of ` +
          `${shortened(JSON.stringify(id))}; an item without an id has its position`,
      );
    }
    known.add(id);
  }
}

/** The subsets without the items that need one of these files, which count as missing. */
function leaveOut(
  subsets: readonly GatheredSubset[],
  files: ReadonlySet<string>,
): readonly GatheredSubset[] {
  return subsets.map(({ dataset, items, whole }) => ({
    dataset,
    items: items.filter((item) => !filesOf([item]).some((file) => files.has(file))),
    whole: {
      ...whole,
      missing: [
        ...whole.missing,
        ...new Set(filesOf(items).filter((file) => files.has(file))),
      ],
    },
  }));
}

/** The averages over subsets. A subset that was left out makes those partial that lack it. */
function average<O extends ItemBenchmarkOptions>(
  { task, headline, combine }: Filled<O>,
  options: O,
  subsets: readonly GatheredSubset[],
  evaluations: readonly Evaluation[],
): Evaluation[] {
  if (combine === undefined) return [];
  const metric = headline(options);
  const complete = subsets.map(({ dataset, whole }): Evaluation => ({
    dataset,
    task,
    metrics: { [metric]: 0 },
    items: whole.of,
    headline: metric,
    partial: whole,
  }));
  const wholes = new Map(
    combine(complete, options).map(({ dataset, partial }) => [dataset, partial!]),
  );
  return combine(evaluations, options).map((each) => {
    const whole = wholes.get(each.dataset)!;
    return each.items === whole.of ? each : { ...each, partial: whole };
  });
}

function filesOf(items: readonly BenchmarkItem[]): string[] {
  return items.flatMap(({ images }) => images.map(({ file }) => file));
}

/** The files that have to be looked for: those of pictures that do not bring their bytes. */
function filesToFind(items: readonly BenchmarkItem[]): string[] {
  return items.flatMap(({ images }) =>
    images.filter(({ bytes }) => bytes === undefined).map(({ file }) => file)
  );
}
