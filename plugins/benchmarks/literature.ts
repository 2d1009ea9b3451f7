import type { Literature } from "../../core/literature.ts";
import { CITATIONS } from "./citations.ts";
import { DATA_SETS } from "./data_sets.ts";
import { PUBLISHED } from "./published.ts";

/** What was written about the benchmarks of the field. */
export const LITERATURE: Literature = {
  citations: CITATIONS,
  dataSets: DATA_SETS,
  published: PUBLISHED,
};
