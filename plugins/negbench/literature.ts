import type { Literature } from "../../core/literature.ts";
import { CITATIONS } from "../benchmarks/citations.ts";

const NEGBENCH = CITATIONS["negbenchMcq"]!;

/** NegBench's paper, which is the benchmark's too. */
export const LITERATURE: Literature = {
  citations: {
    negFullLoss: NEGBENCH,
    negFullRows: NEGBENCH,
    negationQuestions: NEGBENCH,
  },
};
