import type { Evaluation } from "../../../core/evaluator.ts";
import type { StageEvaluations } from "./table.ts";

/** Scores as they were read: what names their model is a label inside the file, or the place. */
export type ReadModel = LabelledModel | PlacedModel;

interface LabelledModel {
  /** The model, as the file itself names it. */
  readonly label: string;
  readonly evaluations: readonly Evaluation[];
}

interface PlacedModel {
  /** The absolute path that stands for the model. */
  readonly path: string;
  /** Which of the models at the path it is, where there are several. */
  readonly stage?: string;
  readonly evaluations: readonly Evaluation[];
  /** As of {@linkcode StageEvaluations}. */
  readonly settings?: string;
}

/**
 * Models by names that differ, in the order in which they first stand. Scores of the same label are
 * one model's, unless that gave it two scores of one data set; each place is a model of its own,
 * named by as much of the path's end as tells it from the others. What is the same all the same is
 * `name (2)` and so on.
 */
export function joinModels(models: readonly ReadModel[]): readonly StageEvaluations[] {
  const names = namesOfPaths(models.flatMap((model) => "path" in model ? [model.path] : []));
  const joined = new Map<
    string,
    { readonly label: boolean; evaluations: Evaluation[]; settings: { settings?: string } }
  >();
  for (const model of models) {
    const { evaluations } = model;
    const label = "label" in model;
    const base = label ? model.label : names.get(model.path)!;
    const name = label || model.stage === undefined ? base : `${base}: ${model.stage}`;
    for (let count = 1;; count++) {
      const key = count === 1 ? name : `${name} (${count})`;
      const there = joined.get(key);
      const settings = "settings" in model ? { settings: model.settings! } : {};
      if (there === undefined) joined.set(key, { label, evaluations: [...evaluations], settings });
      else if (label && there.label && !haveSame(there.evaluations, evaluations)) {
        there.evaluations.push(...evaluations);
      } else continue;
      break;
    }
  }
  return [...joined].map(([stage, { evaluations, settings }]) => ({
    stage,
    evaluations,
    ...settings,
  }));
}

/** Whether both have scores of one data set. */
function haveSame(some: readonly Evaluation[], others: readonly Evaluation[]): boolean {
  return some.some(({ dataset, task }) =>
    others.some((each) => each.dataset === dataset && each.task === task)
  );
}

/** For each path the fewest of its last parts that no other path ends in. */
function namesOfPaths(paths: readonly string[]): ReadonlyMap<string, string> {
  const parts = new Map(paths.map((path) => [path, path.split(/[/\\]/).filter(Boolean)]));
  const end = (path: string, depth: number) => parts.get(path)!.slice(-depth).join("/");
  return new Map([...parts].map(([path, { length }]) => {
    let depth = 1;
    const isShared = () =>
      [...parts.keys()].some((other) => other !== path && end(other, depth) === end(path, depth));
    while (depth < length && isShared()) depth++;
    return [path, end(path, depth)];
  }));
}
