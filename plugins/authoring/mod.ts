/**
 * For those who write plugins: the harness of item benchmarks, the making of data sets, and the test
 * of losses.
 *
 * @module
 */
export { openContext } from "../../core/host/open_context.ts";
export type { BenchmarkRule } from "../../core/scoring/rules.ts";
export type { BenchmarkItem, BenchmarkSubset } from "../benchmarks/harness/benchmark_item.ts";
export {
  defineItemBenchmark,
  type ItemBenchmarkDefinition,
  type ItemBenchmarkOptions,
} from "../benchmarks/harness/item_benchmark.ts";
export { readAnnotationLines, readAnnotations } from "../benchmarks/harness/read_annotations.ts";
export { type PictureFiles, pictureFiles } from "../captions/picture_files.ts";
export {
  defineLineReader,
  type LineReaderDefinition,
  type LineReaderOptions,
} from "./line_reader.ts";
export type { LossBatch, LossTest } from "./loss_batch.ts";
export { type LossValues, testLoss } from "./test_loss.ts";
