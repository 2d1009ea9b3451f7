import { importLater } from "../../core/import_later.ts";
import { definePlugin, type Plugin } from "../../core/plugin.ts";

/** The commands on runs and their results. */
const plugin: Plugin = definePlugin({
  name: "app",
  commands: {
    "evaluate": {
      description: "Scores a model with benchmarks.",
      load: () =>
        importLater<typeof import("./evaluate/evaluate_command.ts")>(
          "./evaluate/evaluate_command.ts",
          import.meta.url,
        ),
    },
    "leaderboard": {
      description: "Scores released checkpoints, and says what their authors told.",
      load: () =>
        importLater<typeof import("./leaderboard/leaderboard_command.ts")>(
          "./leaderboard/leaderboard_command.ts",
          import.meta.url,
        ),
    },
    "match": {
      description: "Tells which of some captions fits a picture.",
      load: () =>
        importLater<typeof import("./match/match_command.ts")>(
          "./match/match_command.ts",
          import.meta.url,
        ),
    },
    "embed": {
      description: "Embeds pictures and texts into Parquet or safetensors files.",
      load: () =>
        importLater<typeof import("./embed/embed_command.ts")>(
          "./embed/embed_command.ts",
          import.meta.url,
        ),
    },
    "compare": {
      description: "Compares models by the results that evaluations and runs have left.",
      load: () =>
        importLater<typeof import("./cli/compare_command.ts")>(
          "./cli/compare_command.ts",
          import.meta.url,
        ),
    },
    "report": {
      description: "Writes the report of a run.",
      load: () =>
        importLater<typeof import("./report/report_command.ts")>(
          "./report/report_command.ts",
          import.meta.url,
        ),
    },
    "merge": {
      description: "Joins the parts of a work that several processes did.",
      load: () =>
        importLater<typeof import("./shards/merge_command.ts")>(
          "./shards/merge_command.ts",
          import.meta.url,
        ),
    },
    "status": {
      description: "Tells which parts of a work are done, running, dead or missing.",
      load: () =>
        importLater<typeof import("./shards/status_command.ts")>(
          "./shards/status_command.ts",
          import.meta.url,
        ),
    },
    "study": {
      description: "Runs a study, or a recipe with several values of its settings.",
      load: () =>
        importLater<typeof import("./studies/study_command.ts")>(
          "./studies/study_command.ts",
          import.meta.url,
        ),
    },
    "web": {
      description: "Serves a page that trains the tiny CLIP in a browser.",
      load: () =>
        importLater<typeof import("./web/web_command.ts")>("./web/web_command.ts", import.meta.url),
    },
    "view": {
      description: "Serves a page over a folder of runs: scores, curves, items, as they come.",
      load: () =>
        importLater<typeof import("./view/view_command.ts")>(
          "./view/view_command.ts",
          import.meta.url,
        ),
    },
    "push": {
      description: "Pushes the model of a run to Hugging Face's hub.",
      load: () =>
        importLater<typeof import("./push/push_command.ts")>(
          "./push/push_command.ts",
          import.meta.url,
        ),
    },
    "doctor": {
      description: "Looks at devices, versions, permissions, disk and hub, and says what to do.",
      load: () =>
        importLater<typeof import("./doctor/doctor_command.ts")>(
          "./doctor/doctor_command.ts",
          import.meta.url,
        ),
    },
    "new": {
      description: "Writes a package for a method or benchmark of one's own.",
      load: () =>
        importLater<typeof import("./new_package/new_command.ts")>(
          "./new_package/new_command.ts",
          import.meta.url,
        ),
    },
    "plugins": {
      description: "Lists the plugins and what each brings.",
      load: () =>
        importLater<typeof import("./cli/plugins_command.ts")>(
          "./cli/plugins_command.ts",
          import.meta.url,
        ),
    },
  },
  literature: async () =>
    await (await importLater<typeof import("./leaderboard/literature.ts")>(
      "./leaderboard/literature.ts",
      import.meta.url,
    )).checkpointLiterature(),
});

export default plugin;
