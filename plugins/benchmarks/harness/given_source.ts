import type { BenchmarkSource } from "../../../core/benchmark.ts";

/** The source of a benchmark on data that its user brings. */
export function givenSource(
  title: string,
  origin: Pick<BenchmarkSource, "paper" | "homepage"> = { paper: null, homepage: null },
): BenchmarkSource {
  return {
    ...origin,
    title,
    annotations: null,
    pictures: "those of the data given",
    licence: "that of the data given",
    gated: false,
    items: null,
  };
}
