import type { Engine } from "../cli/world.ts";
import { writeReport } from "./write_report.ts";

/**
 * The engine, but a run that has come to its end writes its report. A report that cannot be written
 * is said and nothing else: the run is whole without it.
 */
export function withReport(engine: Engine): Engine {
  return {
    ...engine,
    async runRecipe(recipe, options) {
      const summary = await engine.runRecipe(recipe, options);
      if (summary.completed) {
        try {
          options.progress.line(`report: ${await writeReport(summary.folder)}`);
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          options.progress.line(`the report could not be written: ${reason}`);
        }
      }
      return summary;
    },
  };
}
