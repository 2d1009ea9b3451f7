/** What was written about a plugin's components and data sets: for reports and for papers. */
export interface Literature {
  /**
   * BibTeX entries of each component, by the name that it has in a recipe's description; of published
   * data by the name of its file, as it stands in the options of a recipe's data.
   */
  readonly citations?: Readonly<Record<string, readonly string[]>>;
  /** What a data set asks of a model, in one sentence, by its name in results. */
  readonly dataSets?: Readonly<Record<string, string>>;
  /** Scores of models in other people's tables. */
  readonly published?: readonly {
    /** The method by the name that papers give it: `"NegCLIP"`. */
    readonly method: string;
    /** The model that it was trained on, or that was scored as it came: `"ViT-B/32"`. */
    readonly model: string;
    /** The data set by its name in our results: `"sugar_crepe/swap"`. */
    readonly dataset: string;
    /** The metric by its name in our results. */
    readonly metric: string;
    /** In [0, 1]. */
    readonly score: number;
    /** Where it stands: the paper, and how the number comes from it where it is derived. */
    readonly source: string;
    /** The number in arXiv of the method's paper: `"2306.08832"`. */
    readonly paper?: string;
  }[];
}

/** A score in somebody's table. */
export type PublishedScore = NonNullable<Literature["published"]>[number];

/** Several plugins' literature as one, in their order. */
export function joinLiterature(all: readonly Literature[]): Required<Literature> {
  const citations: Record<string, string[]> = {};
  for (const [name, entries] of all.flatMap((each) => Object.entries(each.citations ?? {}))) {
    citations[name] = [...new Set([...citations[name] ?? [], ...entries])];
  }
  return {
    citations,
    dataSets: Object.assign({}, ...all.map(({ dataSets }) => dataSets ?? {})),
    published: all.flatMap(({ published }) => published ?? []),
  };
}
