/**
 * Objectives: how examples become a batch, and the loss on it.
 *
 * @module
 */
import type { Component } from "./component.ts";
import type { DataSet } from "./dataset.ts";
import type { Normalization, Raster } from "./images/raster.ts";
import type { Loss, LossExtra } from "./loss.ts";
import type { Preprocessing } from "./model.ts";
import type { PrepareContext } from "./prepare_context.ts";

/** What a composer draws on. */
export interface ComposeContext {
  /** The run's data; a composer may read other examples than the one it is asked for. */
  readonly data: DataSet;
  /** How the model expects a picture; {@linkcode squareOf} makes an operation of it. */
  readonly preprocessing: Preprocessing;
  /** The run's seed; every choice comes from `createRandom(seed, …, epoch, index)`. */
  readonly seed: number;
  /** 0-based. */
  readonly epoch: number;
}

/**
 * The same with the negatives of the data in their place, for composers of rows that have such: what
 * example `index` gives there is the negative of what it gives here.
 *
 * @throws {TypeError} if the data bring no negatives.
 */
export function ofNegatives(context: ComposeContext): ComposeContext {
  const { name, negatives } = context.data;
  if (negatives !== undefined) return { ...context, data: negatives };
  throw new TypeError(
    `${name}: expected data with a negative picture and caption of each example, found none`,
  );
}

/** One row of a batch: its own picture, texts, and further pictures where the composer has such. */
export type Composition<Group extends string, Picture extends string = never> =
  & {
    /** The examples that it was made of, for logs. */
    readonly id: string;
    /**
     * The examples whose pictures it shows, by index: rows that show the same pictures are known by
     * it. Default: the one example that it was asked for.
     */
    readonly shows?: readonly number[];
    /** The row's own picture: a square of the image tower's input size, as all its pictures are. */
    readonly image: Raster;
    /** Where it differs from the model's own. */
    readonly normalization?: Normalization;
    /** For each group as many texts as the composer declares; `null` where there is none. */
    readonly texts: Readonly<Record<Group, readonly (string | null)[]>>;
  }
  & ([Picture] extends [never] ? { readonly images?: undefined }
    : string extends Picture ? {
        readonly images?: Readonly<Record<string, readonly (Raster | null)[]>> | undefined;
      }
    : {
      /** For each group as many pictures as the composer declares; `null` where there is none. */
      readonly images: Readonly<Record<Picture, readonly (Raster | null)[]>>;
    });

/**
 * Makes rows of a batch out of examples. `Group` names the text groups that it provides, `Picture`
 * the groups of pictures beyond a row's own: these and no others, so that no composer passes for one
 * that provides anything (`Composer<string>`).
 */
export interface Composer<in out Group extends string, in out Picture extends string = never>
  extends Component {
  /** How many rows an example gives; in the batch they stand together, in their order. */
  readonly rows: number;
  /** How many texts a row has in each group. */
  readonly groups: Readonly<Record<Group, number>>;
  /** How many pictures a row has in each group beyond its own. Default: none. */
  readonly pictures?: Readonly<Record<Picture, number>>;
  /**
   * The composer made ready: what it needs to know of the whole data or of the model is read or
   * computed here. It is called once for a run, resumed runs included, and must give the same each
   * time. Without it a composer is ready as it is.
   */
  prepare?(context: PrepareContext): Promise<Composer<Group, Picture>>;
  /**
   * The rows that example `index` gives in this epoch, {@linkcode Composer.rows} of them.
   *
   * @throws {PictureError} if a picture it needs cannot be decoded; the example is then skipped.
   */
  compose(index: number, context: ComposeContext): Promise<readonly Composition<Group, Picture>[]>;
  /**
   * Stands in the place of {@linkcode Composer.compose} where the composer, once it is made ready,
   * knows what the model as it was before training makes of its rows: no picture is decoded then, and
   * no tower run. Both towers must be frozen, and losses get nothing but embeddings.
   *
   * @returns rows without pictures; `embeddings` holds what each came to in towers that are not trained,
   *   of unit length: `image`, `[dim]`, that of the row's own picture, and `texts`, `[dim]` for each text
   *   that the composer declares, the empty text's where there is none.
   */
  composeEmbedded?(
    index: number,
    context: ComposeContext,
  ): Promise<
    readonly (Pick<Composition<Group>, "id" | "shows" | "texts"> & {
      readonly embeddings: {
        readonly image: Float32Array;
        readonly texts: Readonly<Record<Group, readonly Float32Array[]>>;
      };
    })[]
  >;
}

/** A row of a batch without its pictures, whose embeddings are known already. */
export type EmbeddedComposition<Group extends string> = Awaited<
  ReturnType<NonNullable<Composer<Group>["composeEmbedded"]>>
>[number];

/** A composer of which it is known elsewhere what it provides. */
export type AnyComposer = Composer<string, string>;

/**
 * A composer with a loss whose groups it provides; `Extra` names what the loss asks for beside them.
 * {@linkcode objective} makes one; a literal with a loss that names its groups is none, as nobody has
 * compared them with the composer's.
 */
export interface Objective<out Extra extends LossExtra = never> {
  /** Names the objective in logs, metrics and overrides. */
  readonly name: string;
  /** Makes the rows of its batches. */
  readonly composer: Composer<string, string>;
  /** What its steps bring down. */
  readonly loss: Loss<string, string, LossExtra> & { readonly extras?: readonly Extra[] };
}

/** An objective of which it is known elsewhere that the run gives what its loss asks for. */
export type AnyObjective = Objective<LossExtra>;

/**
 * Joins a composer and a loss. A loss that needs a group which the composer does not provide does
 * not compile. Recipe files that run without a type check are held to the same by `defineRecipe`.
 */
export function objective<
  Provided extends string,
  Needed extends Provided,
  Pictured extends string = never,
  Seen extends Pictured = never,
  Extra extends LossExtra = never,
>(
  name: string,
  composer: Composer<Provided, Pictured>,
  loss: Loss<Needed, Seen, Extra>,
): Objective<Extra> {
  // The one place where the groups have been compared and may be forgotten.
  return { name, composer, loss } as unknown as Objective<Extra>;
}
