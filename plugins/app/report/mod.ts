/**
 * The report of a run: one HTML file with what was run, the scores before and after, what was
 * forgotten, the curves of the training, and a browser of single items.
 *
 * @module
 */
export { report } from "./report.ts";
export type { ReportOptions } from "./write_report.ts";
