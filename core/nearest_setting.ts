import { nearest, plainName } from "./nearest.ts";

/**
 * What other tools call a setting, without case and separators: open_clip's flags, and those of
 * transformers' trainer where they differ.
 */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  // Optimiser and schedule.
  learningrate: "optimizer.lr",
  wd: "optimizer.weightDecay",
  beta1: "optimizer.betas.0",
  adambeta1: "optimizer.betas.0",
  beta2: "optimizer.betas.1",
  adambeta2: "optimizer.betas.1",
  adamepsilon: "optimizer.eps",
  warmupsteps: "schedule.warmup",
  warmupratio: "schedule.warmup",
  // The run.
  batchsize: "batch",
  bs: "batch",
  perdevicetrainbatchsize: "batch",
  accumfreq: "chunk",
  gradientaccumulationsteps: "chunk",
  gradcheckpointing: "memory",
  gradientcheckpointing: "memory",
  numtrainepochs: "epochs",
  maxsteps: "steps",
  savefrequency: "checkpointEvery",
  savesteps: "checkpointEvery",
  valfrequency: "evaluateEvery",
  zeroshotfrequency: "evaluateEvery",
  evalsteps: "evaluateEvery",
  lockimage: "frozen",
  locktext: "frozen",
  freeze: "frozen",
  benchmarks: "evaluators",
  // Model and data.
  pretrained: "model.weights",
  modelnameorpath: "model.weights",
  forcequickgelu: "model.activation",
  traindata: "data.path",
  trainfile: "data.path",
  trainnumsamples: "data.limit",
  maxtrainsamples: "data.limit",
  csvseparator: "data.delimiter",
  csvimgkey: "data.columns.image",
  imagecolumn: "data.columns.image",
  csvcaptionkey: "data.columns.captions",
  captioncolumn: "data.columns.captions",
};

/**
 * The setting that a name most likely meant: what other tools call so, else one whose last part is
 * called so, else the one that is written most alike, as a whole or by its last part.
 *
 * @param path A name or a path, names with dots between them.
 * @param known The paths that there are.
 *
 * @example
 * ```ts
 * import { nearestSetting } from "./nearest_setting.ts";
 *
 * const known = ["batch", "optimizer.lr", "optimizer.weightDecay"];
 * console.assert(nearestSetting("batch_size", known) === "batch");
 * console.assert(nearestSetting("lr", known) === "optimizer.lr");
 * console.assert(nearestSetting("weight_decay", known) === "optimizer.weightDecay");
 * console.assert(nearestSetting("optimiser.lr", known) === "optimizer.lr");
 * ```
 */
export function nearestSetting(path: string, known: readonly string[]): string | undefined {
  const name = plainName(path);
  const other = Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name]! : undefined;
  // Inside of a component its options are known without what leads to it.
  if (other !== undefined) {
    const found = known.find((each) => other === each || leads(each, other)) ??
      known.find((each) => each === lastOf(other));
    if (found !== undefined) return leads(found, other) ? other : found;
  }
  const leaves = known.map(lastOf);
  const leaf = leaves.findIndex((each) => plainName(each) === name);
  if (leaf >= 0) return known[leaf];
  const whole = nearest(path, known);
  if (whole !== undefined || path.includes(".")) return whole;
  const alike = nearest(path, leaves);
  return alike === undefined ? undefined : known[leaves.indexOf(alike)];
}

/** Whether something inside the value at `outer` is at `inner`. */
function leads(outer: string, inner: string): boolean {
  return inner.startsWith(`${outer}.`);
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}
