import { z } from "zod";

/** What is told of one of the two graphs. */
export interface OnnxGraphOptions {
  /** The output that holds the embeddings. Default: the one by its usual name, or the only one. */
  readonly output?: string;
  /**
   * What makes one row of an output `[batch, tokens, width]`: its first token, the last one of each
   * text, or their mean. Default: none, the output must be `[batch, dim]`.
   */
  readonly pooling?: "first" | "last" | "mean";
}

/** Options of `onnxModel`. */
export interface OnnxOptions {
  /**
   * A folder or repository with both graphs: one that a run has written, or exported by optimum
   * (`text_model.onnx` and `vision_model.onnx`, or `model.onnx` with both, in the folder or its `onnx`).
   */
  readonly weights?: string;
  /** The address of the image tower's graph. Without one, the model embeds texts alone. */
  readonly image?: string;
  /** The address of the text tower's graph. */
  readonly text?: string;
  /** Which output the image tower's embeddings are, and how they are pooled. */
  readonly imageGraph?: OnnxGraphOptions;
  /** The same of the text tower. */
  readonly textGraph?: OnnxGraphOptions;
  /**
   * `"clip"` for CLIP's own tokenizer, or a folder with `tokenizer.json` and `tokenizer_config.json`.
   * Default: the folder of the text tower, or the one around it.
   */
  readonly tokenizer?: string;
  /** The most tokens of a text. Default: the graph's own, else what the tokenizer's file says. */
  readonly contextLength?: number;
  /**
   * Whether texts are filled up to `contextLength` (`"full"`) or cut at the longest of a batch
   * (`"cut"`). Default: cut where the graph takes a mask of what is there, else full.
   */
  readonly length?: "full" | "cut";
  /**
   * How pictures are made ready: mean and deviation of each channel. Default: by the
   * `preprocessor_config.json` beside the image tower, or in the folder around it.
   */
  readonly normalization?: {
    readonly mean: readonly [number, number, number];
    readonly deviation: readonly [number, number, number];
  };
  /** The side of a picture in pixels, where the graph does not tell it. */
  readonly size?: number;
  /** The factor of similarities, where no graph holds it. Default 1 / 0.07. */
  readonly logitScale?: number;
  /**
   * What is added to similarities, where no graph holds it. Given, losses may ask for it, as the sigmoid
   * losses do; SigLIP begins its training with −10. Default: none but that of the graphs, for which no
   * loss may ask.
   */
  readonly logitBias?: number;
}

const graph = z.strictObject({
  output: z.string().min(1).exactOptional(),
  pooling: z.enum(["first", "last", "mean"]).exactOptional(),
}).exactOptional();

const triple = z.tuple([z.number(), z.number(), z.number()]).readonly();

/** The options by which a folder describes itself, and which a recipe gives. */
export const onnxOptionsSchema: z.ZodType<OnnxOptions> = z.strictObject({
  weights: z.string().min(1).exactOptional(),
  image: z.string().min(1).exactOptional(),
  text: z.string().min(1).exactOptional(),
  imageGraph: graph,
  textGraph: graph,
  tokenizer: z.string().min(1).exactOptional(),
  contextLength: z.int().min(2).exactOptional(),
  length: z.enum(["full", "cut"]).exactOptional(),
  normalization: z.strictObject({ mean: triple, deviation: triple }).exactOptional(),
  size: z.int().positive().exactOptional(),
  logitScale: z.number().positive().exactOptional(),
  logitBias: z.number().exactOptional(),
}).superRefine(({ weights, text }, { addIssue }) => {
  if ((weights === undefined) === (text === undefined)) {
    addIssue({ code: "custom", path: ["weights"], message: "either weights, or the text's graph" });
  }
});
