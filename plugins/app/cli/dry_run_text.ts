import { alignColumns } from "../results/table.ts";
import { describeSeconds } from "../terminal/progress.ts";
import type { DryRunReport } from "../runs/run_options.ts";

/** A dry run's report for people, one line for each fact. */
export function formatDryRun(report: DryRunReport): string {
  const { parameters: { trained, frozen }, memoryBytes, runs, steps } = report;
  const rows = [
    ["device", `${report.device} (${report.deviceReason})`],
    ["parameters", `${count(trained)} trained, ${count(frozen)} frozen`],
    ["memory", `${(memoryBytes / 2 ** 20).toFixed(0)} MiB`],
    ...report.objectives.map(({ name, secondsPerStep }) => [
      `step of ${name}`,
      `${secondsPerStep.toPrecision(3)} s`,
    ]),
    ...report.evaluators.map(({ name, fault }) => [
      `benchmark ${name}`,
      fault === undefined ? "ready" : `not ready: ${fault}`,
    ]),
    ["measured", `${count(runs.made)} runs of programs; ${count(runs.leftOut)} more counted`],
    ["steps", typeof steps === "number" ? count(steps) : `not known: ${steps}`],
    ...(report.estimatedSeconds === undefined
      ? []
      : [["estimated time", describeSeconds(report.estimatedSeconds)]]),
  ];
  return alignColumns(rows, ["left", "left"]);
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
