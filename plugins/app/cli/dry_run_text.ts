import { describeRecipe } from "../../../core/describe_recipe.ts";
import type { Recipe } from "../../../core/recipe.ts";
import { isStudy, type Study } from "../../../core/study.ts";
import { alignColumns } from "../results/table.ts";
import { describeSeconds } from "../terminal/progress.ts";
import type { DryRunReport, RunEstimate } from "../runs/run_options.ts";

/** How a dry run is told: for people, or the resolved recipe and the report as JSON. */
export type DryRunForm = "text" | "json";

/**
 * Makes a dry run of a recipe, or of each arm of a study.
 *
 * @returns whether all that they need is there, and what to print.
 */
export async function reportDryRun(
  planned: Recipe | Study,
  form: DryRunForm,
  dryRun: (recipe: Recipe) => Promise<DryRunReport>,
): Promise<{ readonly ready: boolean; readonly text: string }> {
  const recipes = isStudy(planned) ? planned.arms.map(({ recipe }) => recipe) : [planned];
  const reports: { readonly recipe: Recipe; readonly report: DryRunReport }[] = [];
  for (const recipe of recipes) reports.push({ recipe, report: await dryRun(recipe) });
  const ready = reports.every(({ report }) => report.needs.every((need) => need.ready));
  if (form === "json") {
    const records = reports.map(({ recipe, report }) => ({
      recipe: describeRecipe(recipe),
      ...report,
    }));
    return { ready, text: JSON.stringify(isStudy(planned) ? records : records[0], null, 2) };
  }
  const texts = reports.map(({ recipe, report }) =>
    isStudy(planned) ? `${recipe.name}:\n${formatDryRun(report)}` : formatDryRun(report)
  );
  return { ready, text: texts.join("\n\n") };
}

/** A dry run's report for people, one line for each fact. */
function formatDryRun({ needs, estimate }: DryRunReport): string {
  const rows = [
    ...needs.map(({ what, state, ready }) => [what, ready ? state : `not ready: ${state}`]),
    ...(typeof estimate === "string"
      ? [["estimate", `not made: ${estimate}`]]
      : estimateRows(estimate)),
  ];
  return alignColumns(
    rows.map((row) => row.map((cell) => cell.replaceAll("\n", "; "))),
    ["left", "left"],
  );
}

function estimateRows(estimate: RunEstimate): string[][] {
  const { device, deviceReason, parameters, memoryBytes, objectives, runs, steps } = estimate;
  return [
    ["device", `${device} (${deviceReason})`],
    ["parameters", `${count(parameters.trained)} trained, ${count(parameters.frozen)} frozen`],
    ["memory", `${(memoryBytes / 2 ** 20).toFixed(0)} MiB`],
    ...objectives.map(({ name, secondsPerStep }) => [
      `step of ${name}`,
      `${secondsPerStep.toPrecision(3)} s`,
    ]),
    ["measured", `${count(runs.made)} runs of programs; ${count(runs.leftOut)} more counted`],
    ["steps", steps === undefined ? "not known without the data" : count(steps)],
    ...(estimate.estimatedSeconds === undefined
      ? []
      : [["estimated time", describeSeconds(estimate.estimatedSeconds)]]),
  ];
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
