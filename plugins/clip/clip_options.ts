import type { ArchitectureName } from "./architecture_name.ts";

/** Options of `clip`. */
export interface ClipOptions {
  /**
   * Where the weights are: a folder or repository (`hf:openai/clip-vit-base-patch32`), or a file,
   * with open_clip's, OpenAI's or Hugging Face's names: safetensors, a checkpoint of PyTorch (`.pt`,
   * `.pth`, `.bin`) or OpenAI's TorchScript archive.
   */
  readonly weights: string;
  /** What the weights are expected to be; needed for a dry run, which generates them. */
  readonly architecture?: ArchitectureName;
  /**
   * For weights without a configuration file, whose shapes do not tell it. Not needed where they
   * name it themselves: OpenAI's archives, and files or training runs called `…quickgelu…`.
   */
  readonly activation?: "quick_gelu" | "gelu";
  /**
   * Train and evaluate with texts of so many tokens at most, by the first rows of the table of
   * positions (CLoVe: 64). What is written has the whole table again, its last rows as they were, so
   * that other loaders accept it. Default: as many as the weights have places for, 77 in OpenAI's.
   */
  readonly context?: number;
  /**
   * Which of several models in one file: the name that it is kept under in a checkpoint of PyTorch
   * (`"model"`, `"model_ema"` for the averaged weights), or what its tensors' names begin with.
   */
  readonly part?: string;
}
