import { definePlugin, type Plugin } from "@syntagma/syntagma";

/** Logs every run: `--plugin ./plugin.ts`, with the server in `MLFLOW_TRACKING_URI`. */
const plugin: Plugin = definePlugin({
  name: "mlflow",
  hooks: async () => [(await import("./mlflow.ts")).mlflow()],
});

export default plugin;
