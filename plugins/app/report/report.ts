import { importLater } from "../../../core/import_later.ts";
import { StorageError } from "../../../core/host/storage/storage_error.ts";
import type { Context } from "../../../core/context.ts";
import type { Hooks } from "../../../core/hooks.ts";
import type { ReportOptions } from "./write_report.ts";

/**
 * A hook that writes the report of a run once it is completed. A report that cannot be made is told
 * and nothing else: the run is whole without it. Where the disk has no room for it, that is the
 * run's error.
 */
export function report(options: ReportOptions = {}): Hooks {
  let log: Context["log"] = () => {};
  return {
    name: "report",
    onStart: (run) => {
      ({ log } = run);
    },
    onEnd: async ({ folder, completed }) => {
      if (!completed) return;
      try {
        // Loaded when it is needed: with it come plots and thumbnails.
        const { writeReport } = await importLater<typeof import("./write_report.ts")>(
          "./write_report.ts",
          import.meta.url,
        );
        log(`report: ${await writeReport(folder, options)}`);
      } catch (error) {
        // A full disk: the run goes on from here once there is room.
        if (error instanceof StorageError) throw error;
        const reason = error instanceof Error ? error.message : String(error);
        log(`the report could not be written: ${reason}`);
      }
    },
  };
}
