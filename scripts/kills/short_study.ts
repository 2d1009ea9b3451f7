/**
 * Two arms that differ in their loss, as short as can be, to be killed.
 *
 * @module
 */
import { defineStudy, type Study } from "../../core/study.ts";
import { patch } from "../../plugins/patching/patch.ts";
import shortRun from "./short_run.ts";

const short = { ...shortRun, steps: 4, average: null, evaluateEvery: 0 };

const study: Study = defineStudy({
  name: "short-study",
  description: "Plain contrast and CLoVe with four steps each, to be killed",
  arms: [
    { name: "plain", recipe: { ...short, objectives: [shortRun.objectives[1]!], after: [] } },
    { name: "clove", recipe: { ...short, after: [patch({ alpha: 0.6 })] } },
  ],
  seeds: [0],
});

export default study;
