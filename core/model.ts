/**
 * Models: dual encoders, an image tower and a text tower whose outputs meet in one space.
 *
 * @module
 */
import type { Component } from "./component.ts";
import type { Context } from "./context.ts";
import type { Tensor } from "./graph/tensor.ts";
import type { Normalization } from "./images/raster.ts";
import type { SquareFit } from "./images/square_fit.ts";
import type { ProjectionName } from "./nn/parameter_names.ts";

/** A parameter as it stands in the model's source file, or one that a loss owns. */
export interface ParameterSpec {
  /**
   * The name in the source file: checkpoints go back to where they came from. Of a loss's parameter
   * `loss.<objective>.<name>`.
   */
  readonly name: string;
  /** Static shape. */
  readonly shape: readonly number[];
  /** What it belongs to. */
  readonly part: "image" | "text" | "logit_scale" | "logit_bias" | "loss";
  /**
   * What training leaves as it is, whatever else is trained: statistics of batch norms, and what
   * adapters stand around.
   */
  readonly fixed?: true;
  /** The least and the largest value that training may give it. Default: any. */
  readonly limits?: readonly [least: number, most: number];
}

/** Looks a parameter's tensor up by its name in the source file. */
export interface ParameterLookup {
  (name: string): Tensor;
  /**
   * What stands in the place of a linear layer's plain product `x · weightᵀ + bias`, or of some of its
   * outputs, where something does: adapters.
   *
   * @returns `[rows of x, outputs]` like the plain product; undefined where that stays.
   */
  readonly layer?: (x: Tensor, layer: {
    /** The name of the weight, `[outputs, inputs]`. */
    readonly weight: string;
    /** Which outputs are computed. Default: all. */
    readonly outputs?: readonly [start: number, end: number];
    /** What is added, of as many values as there are outputs. Default: nothing. */
    readonly bias?: Tensor | undefined;
  }) => Tensor | undefined;
}

/** What {@linkcode ParameterLookup.layer} is told of a product. */
export type LinearProduct = Parameters<NonNullable<ParameterLookup["layer"]>>[1];

/** What models can give to losses beside embeddings and logit scale; not all models have all. */
export type ModelFeature = "patches" | "tokens" | "pooled" | "logitBias";

/** What a tower gives, a row for each picture or text; features where they were asked for. */
export interface TowerOutputs {
  /** `[batch, dim]`, not normalised. */
  readonly embedding: Tensor;
  /**
   * Of the image tower, `[batch, patches, dim]`: every patch's output, not that of a class token, by
   * the tower's last norm and projection as the embedding; not of unit length.
   */
  readonly patches?: Tensor;
  /**
   * Of the text tower, `[batch, tokens, dim]`: every token's output, start and end token included, by
   * the tower's last norm and projection as the embedding; not of unit length. What stands after the
   * end token has no meaning.
   */
  readonly tokens?: Tensor;
  /** Of the text tower, `[batch, width]`: what the projection makes the embedding of. */
  readonly pooled?: Tensor;
}

/** From pixels to embeddings. */
export interface ImageTower {
  /** Height and width of the input in pixels. */
  readonly size: number;
  /**
   * Builds the graph of the embeddings.
   *
   * @param pixels `[batch, 3, size, size]` float32, normalised.
   * @returns `[batch, dim]`, not normalised.
   */
  encode(pixels: Tensor, parameter: ParameterLookup): Tensor;
  /** The same with the features that are asked for. Absent where the tower has none. */
  encodeWith?(
    pixels: Tensor,
    parameter: ParameterLookup,
    wanted: readonly (keyof TowerOutputs)[],
  ): TowerOutputs;
}

/** From token ids to embeddings. */
export interface TextTower {
  /** The most tokens a text may have, start and end token included. */
  readonly contextLength: number;
  /** How many token ids there are, from 0 on. */
  readonly vocabulary: number;
  /**
   * Builds the graph of the embeddings.
   *
   * @param ids `[batch, tokens]` int64; what stands after the end token has no influence, so
   *   `tokens` may be cut at the longest text of the batch.
   * @param end `[batch]` int64, the position of each text's end token.
   * @returns `[batch, dim]`, not normalised.
   */
  encode(ids: Tensor, end: Tensor, parameter: ParameterLookup): Tensor;
  /** The same with the features that are asked for. Absent where the tower has none. */
  encodeWith?(
    ids: Tensor,
    end: Tensor,
    parameter: ParameterLookup,
    wanted: readonly (keyof TowerOutputs)[],
  ): TowerOutputs;
  /** Length of the pooled text before its projection, where the tower gives it. */
  readonly width?: number;
  /** The matrix whose product the embedding is, where that is the tower's last step. */
  readonly projection?: ProjectionName;
  /**
   * How it takes texts that share their beginnings, if it may: where a token's output depends on
   * those before it alone. Default: every text goes through it whole.
   */
  readonly prefixes?: PrefixSharing;
}

/** How a causal text tower takes texts whose beginnings are computed once. */
export interface PrefixSharing {
  /**
   * The `encode` that this belongs to. A tower that is made of another one with an `encode` of its own
   * has no use for the other's packs: they are left alone.
   */
  readonly of: TextTower["encode"];
  /**
   * Builds the graph of the embeddings of all end tokens, and of pooled texts where they are wanted.
   *
   * @returns rows `[packs · ends, …]`.
   */
  encode(
    packs: PackTensors,
    parameter: ParameterLookup,
    wanted: readonly "pooled"[],
  ): Omit<TowerOutputs, "patches" | "tokens">;
}

/**
 * Packs of texts as graph inputs. A pack is a tree of tokens, in the order in which one walks through
 * it: a row for each beginning that its texts have, each once. Instead of a text's tokens one after
 * another, a row looks at those on the way to it.
 */
export interface PackTensors {
  /** `[packs, rows]` int64: token ids. */
  readonly ids: Tensor;
  /** `[packs, rows]` int64: the place of each token in its text, which its position is looked up by. */
  readonly places: Tensor;
  /**
   * `[packs, rows]` float32: of each row of a pack, the one after the last whose text begins with it.
   * Row `i` looks at row `j` where `j ≤ i < exits[j]` (`packMasks`).
   */
  readonly exits: Tensor;
  /** `[packs · ends]` int64: the rows of end tokens, as rows of the flat packs. */
  readonly ends: Tensor;
}

/** From text to token ids. */
export interface Tokenizer {
  /** Fills the places after the end token. */
  readonly padding: number;
  /**
   * Token ids with start and end token, cut to `contextLength` (the end token is kept).
   */
  encode(text: string, contextLength: number): readonly number[];
  /**
   * What it does to the ids that its files alone give, so that programs which go by the files can do the
   * same: ids in the place of others, and one in the last of all places. Default: nothing.
   */
  readonly changes?: {
    readonly replaced: ReadonlyMap<number, number>;
    readonly last?: number;
  };
}

/** How a picture becomes the image tower's input. */
export interface Preprocessing extends Normalization {
  /** The side of the square input. */
  readonly size: number;
  /** How a picture becomes that square. Default: as OpenAI's code does it ({@linkcode squareCrop}). */
  readonly fit?: SquareFit;
}

/** Values of a parameter on the host. */
export interface HostTensor {
  /** Static shape; `[]` for a scalar. */
  readonly shape: readonly number[];
  /** As many values as the shape has places, in row-major order. */
  readonly data: Float32Array;
  /**
   * The half precision that the values have, all of them being values of it: what is read from such
   * a checkpoint says so, and is written so again. Without it, as after training: float32.
   */
  readonly dtype?: "F16" | "BF16";
}

/** A dual encoder: towers as graphs, and where the values of their parameters come from. */
export interface DualEncoder {
  /** For manifests: architecture and source, `"ViT-B-32-quickgelu (hf:…)"`. */
  readonly name: string;
  /** Length of an embedding. */
  readonly dim: number;
  /** From pixels to embeddings. */
  readonly image: ImageTower;
  /** From token ids to embeddings. */
  readonly text: TextTower;
  /** From text to the ids that the text tower knows. */
  readonly tokenizer: Tokenizer;
  /** From a picture to the image tower's input. */
  readonly preprocessing: Preprocessing;
  /** Every parameter in use, in the order of the source file. */
  readonly parameters: readonly ParameterSpec[];
  /** The parameter that holds the logarithm of the logit scale. */
  readonly logitScale: string;
  /** The parameter that is added to scaled similarities, where the model has one. */
  readonly logitBias?: string;
  /**
   * Values of parameters, read anew at each call.
   *
   * @param names Of those that are wanted; it may give others too. Default: all.
   * @throws {SyntaxError | RangeError} if a tensor is missing, cut short or has another shape.
   */
  read(names?: readonly string[]): Promise<ReadonlyMap<string, HostTensor>>;
  /**
   * Writes a model folder in the layout that the weights came in, other files of the folder
   * (configuration, tokenizer) included; each tensor in the precision that its values have.
   */
  write(folder: string, values: ReadonlyMap<string, HostTensor>): Promise<void>;
  /**
   * Writes what transformers.js needs beside exported graphs of the towers: `config.json`,
   * `preprocessor_config.json` and the tokenizer. Where transformers has no such model, `config.json`
   * tells the class that takes the graphs, and no more. Absent where no other program has the tokenizer.
   */
  describe?(folder: string): Promise<void>;
  /**
   * The model without what was put around it to be trained (adapters): its parameters are those of its
   * source file alone. Transformations of weights work on it, for halfway between two products of small
   * matrices is not the product of what is halfway. Default: it is that itself.
   */
  readonly plain?: {
    readonly model: DualEncoder;
    /** The values with which it gives the same embeddings. */
    values(values: ReadonlyMap<string, HostTensor>): ReadonlyMap<string, HostTensor>;
  };
}

/** What {@linkcode DualEncoder.plain} is. */
export type PlainModel = NonNullable<DualEncoder["plain"]>;

/**
 * A recipe's choice of model, loaded when a run starts. `Feature` names what its models give beyond
 * embeddings, so that a loss which needs more does not go with it.
 */
export interface ModelSource<in Feature extends ModelFeature = never> extends Component {
  /** What its models give beyond embeddings. Default: nothing. */
  readonly gives?: Readonly<Record<Feature, true>>;
  /** Reads configuration and finds the weights. */
  load(context: Context): Promise<DualEncoder>;
  /** The same architecture with weights drawn from `seed`: no file is needed. */
  generate(seed: number): Promise<DualEncoder>;
}
