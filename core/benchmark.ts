import type { Evaluator } from "./evaluator.ts";

/** Where a benchmark comes from. */
export interface BenchmarkSource {
  /** What it is called in papers. */
  readonly title: string;
  /** The paper that defines it, where there is one. */
  readonly paper: string | null;
  /** Where its code or its page is, where there is such. */
  readonly homepage: string | null;
  /**
   * The address that annotations are read from by default: of a file, or of a folder of files;
   * `null` where they are part of the pictures' folder or have to be given.
   */
  readonly annotations: string | null;
  /** Which pictures it needs, and where they come from. */
  readonly pictures: string;
  /** The licence of the annotations, as their authors state it. */
  readonly licence: string;
  /** Whether its terms must be accepted by hand before anything can be downloaded. */
  readonly gated: boolean;
  /** How many items it has by its authors' files; `null` where that depends on the data given. */
  readonly items: number | null;
}

/** A benchmark of the field. */
export interface Benchmark extends Evaluator {
  /** Where it comes from. */
  readonly source: BenchmarkSource;
}

/** Options of every benchmark of pictures with annotations. */
export interface BenchmarkOptions {
  /**
   * The folder of the pictures; or several, in which a picture is looked for in turn, by the path
   * that the annotations give it and then by its file name alone.
   */
  readonly images: string | readonly string[];
  /** The address of the annotations: of their file, or of their folder. Default: the authors'. */
  readonly annotations?: string;
  /**
   * Whether the benchmark is scored even where pictures or items are missing or pictures are broken;
   * the result then says so. Default: `false`, which is an error that names what is missing.
   */
  readonly partial?: boolean;
  /** Score only so many items of each subset, the first ones; `null`, the default, scores all. */
  readonly limit?: number | null;
}

/** A benchmark that can be asked for by name. */
export interface BenchmarkEntry {
  /** Where it comes from. */
  readonly source: BenchmarkSource;
  /** The options that it takes of those that all benchmarks share. */
  readonly takes: readonly (keyof BenchmarkOptions)[];
  /** Whether `all` stands for it too. Default: `true`. */
  readonly inAll?: boolean;
  /**
   * Names that stand for it and others together. By such a name it is scored where all that it needs is
   * at hand, and passed over with a word where it is not.
   */
  readonly suites?: readonly string[];
  /**
   * Makes it.
   *
   * @throws {RangeError} if an option is unknown or out of range, or if pictures are needed and no
   *   folder is given.
   */
  create(options: Partial<BenchmarkOptions>): Evaluator;
}
