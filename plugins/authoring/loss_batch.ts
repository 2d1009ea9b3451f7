/** The batch that a loss is tested on. All numbers are in row-major order. */
export interface LossBatch<Group extends string, Picture extends string = never> {
  /** `batch × dim` numbers; rows need not be of unit length. */
  readonly image: readonly number[];
  /** `batch × count × dim` numbers for each group of pictures beyond the rows' own, likewise. */
  readonly images?: Readonly<Partial<Record<Picture, readonly number[]>>>;
  /** `batch × count × dim` numbers for each text group, likewise. */
  readonly text: Readonly<Record<Group, readonly number[]>>;
  /**
   * What the loss asks for beyond embeddings, by name: `"patches"`, `"logitBias"`,
   * `"tokens.caption"` and `"pooled.caption"` for a group, `"frozen.image"`, `"frozen.text.caption"`.
   */
  readonly extra?: Readonly<Record<string, readonly number[]>>;
}

/** What `testLoss` is to do. */
export interface LossTest<Group extends string, Picture extends string = never> {
  /** Rows of the batch. Default: as many as the embeddings have; where none are given, 3. */
  readonly batch?: number;
  /** Length of an embedding. Default 4. */
  readonly dim?: number;
  /** Texts a row, for each group that the loss needs. Default: one. */
  readonly groups?: Readonly<Record<Group, number>>;
  /** Pictures a row beyond its own, for each group that the loss needs. Default: one. */
  readonly pictures?: Readonly<Record<Picture, number>>;
  /** Patches a picture, tokens a text, length of a pooled text, where the loss asks for them. */
  readonly sizes?: {
    /** Default 2. */
    readonly patches?: number;
    /** Default 3, all of them there. */
    readonly tokens?: number;
    /** Default 4. */
    readonly width?: number;
  };
  /** What the embeddings are drawn from where none are given. Default 0. */
  readonly seed?: number;
  /** The embeddings. Default: drawn. */
  readonly embeddings?: LossBatch<Group, Picture>;
  /** `batch × count` numbers, 0 where there is no such text. Default: all are there. */
  readonly present?: Readonly<Record<string, readonly number[]>>;
  /**
   * `batch × count × tokens` numbers for a text group, 0 behind the end of a text, where the loss asks
   * for tokens. Default: all are there.
   */
  readonly presentTokens?: Readonly<Record<string, readonly number[]>>;
  /**
   * `batch × count × tokens` ids of each group that the loss reads by itself, −1 behind the end of a
   * text.
   */
  readonly read?: Readonly<Record<string, readonly number[]>>;
  /** The example of each row, by index, for a loss that asks for it. Default: 0, 1, 2, … */
  readonly examples?: readonly number[];
  /** As `present`, of each group of pictures. */
  readonly presentPictures?: Readonly<Record<string, readonly number[]>>;
  /** The logit scale. Default 4: with CLIP's 100 most gradients of random embeddings are 0. */
  readonly logitScale?: number;
  /** Values of parameters that the loss owns. Default: those at the start, drawn from the seed. */
  readonly parameters?: Readonly<Record<string, readonly number[]>>;
  /** Values of the loss's state. Default: those at the start. */
  readonly state?: Readonly<Record<string, readonly number[]>>;
  /**
   * The values by hand: of `total`, and of terms by their names; or a function that computes them
   * from the embeddings (of unit length) in another way than the loss does.
   */
  readonly expected?:
    | Readonly<Record<string, number>>
    | ((unit: LossBatch<Group, Picture>) => Readonly<Record<string, number>>);
  /** How far a value may be from the one expected, relative to the larger of 1 and it. Default 1e-5. */
  readonly tolerance?: number;
}
