import type { Literature } from "../../core/literature.ts";
import { CITATIONS } from "./citations.ts";
import { DATA_SETS } from "./data_sets.ts";
import { PUBLISHED } from "./published.ts";
import { PUBLISHED_DATA } from "./published_data.ts";

/** What was written about the benchmarks of the field, and about the data that it trains on. */
export const LITERATURE: Literature = {
  citations: { ...CITATIONS, ...PUBLISHED_DATA },
  dataSets: DATA_SETS,
  published: PUBLISHED,
};
