import type { Hooks } from "../../../core/hooks.ts";
import type { Progress } from "./progress.ts";

/** A hook that shows a run's steps with their pace and the time that is left. */
export function showProgress(progress: Progress): Hooks {
  /** Seconds a step, averaged over each objective's last steps: objectives differ in cost. */
  const recent = new Map<string, number>();
  return {
    name: "progress",
    onStart: () => recent.clear(),
    onStep: ({ step, total, objective, loss, seconds, samplesPerSecond }) => {
      const before = recent.get(objective);
      recent.set(objective, before === undefined ? seconds : 0.9 * before + 0.1 * seconds);
      const values = [...recent.values()];
      const pace = values.reduce((a, b) => a + b, 0) / values.length;
      progress.step({
        step,
        total,
        objective,
        loss,
        // The same examples over the pace, not over this step alone.
        samplesPerSecond: samplesPerSecond * seconds / pace,
        secondsLeft: (total - step) * pace,
      });
    },
  };
}
