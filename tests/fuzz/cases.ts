import { benchmarkFiles } from "./cases/benchmarks.ts";
import { captionFiles } from "./cases/captions.ts";
import { pictures } from "./cases/pictures.ts";
import { runFiles } from "./cases/runs.ts";
import { words } from "./cases/settings.ts";
import { weightFiles } from "./cases/weights.ts";
import type { FuzzCase } from "./fuzz_case.ts";

/** All readers of files and texts that people bring. */
export const cases: readonly FuzzCase[] = [
  ...pictures,
  ...captionFiles,
  ...weightFiles,
  ...runFiles,
  ...benchmarkFiles,
  ...words,
];
