import type { ParameterSpec } from "../../model.ts";
import { nearest } from "../../nearest.ts";

/**
 * The parameters that are trained: all but those that a frozen part or pattern names.
 *
 * @param frozen Parts (`"image"`, `"text"`, `"logit_scale"`) or patterns of parameter names, in
 *   which `*` stands for anything.
 * @throws {RangeError} if an entry matches no parameter, or nothing is left to train.
 */
export function selectTrained(
  parameters: readonly ParameterSpec[],
  frozen: readonly string[],
): readonly ParameterSpec[] {
  const matchers = frozen.map((entry) => matcher(entry));
  for (const [i, matches] of matchers.entries()) {
    if (parameters.some(matches)) continue;
    const guess = nearest(frozen[i]!, [
      ...new Set(parameters.map(({ part }) => part as string)),
      ...parameters.map(({ name }) => name),
    ]);
    throw new RangeError(
      `frozen: "${frozen[i]}" is neither a part nor a pattern of a parameter's name` +
        (guess === undefined ? "" : `; did you mean "${guess}"?`),
    );
  }
  const trained = parameters.filter((spec) => !matchers.some((matches) => matches(spec)));
  if (trained.length === 0) throw new RangeError("frozen: expected something left to train");
  return trained;
}

function matcher(entry: string): (spec: ParameterSpec) => boolean {
  const literal = entry.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`^${literal.join(".*")}$`);
  return ({ name, part }) => part === entry || pattern.test(name);
}
