import { namePattern } from "../../name_pattern.ts";
import type { ParameterSpec } from "../../model.ts";
import { nearest } from "../../nearest.ts";

/** Which parameters are trained, by parts of the model or patterns of names. */
export interface Selection {
  /** What alone is trained; `null` for everything. */
  readonly trained?: readonly string[] | null;
  /** What is not, of that. */
  readonly frozen: readonly string[];
}

/**
 * The parameters that are trained: those that a trained part or pattern names, all where there is
 * none, but for those that a frozen one names, and statistics.
 *
 * @throws {RangeError} if an entry matches no parameter, or nothing is left to train.
 */
export function selectTrained(
  parameters: readonly ParameterSpec[],
  { trained = null, frozen }: Selection,
): readonly ParameterSpec[] {
  const isNamed = trained === null ? () => true : parameterMatcher("trained", trained, parameters);
  const isFrozen = parameterMatcher("frozen", frozen, parameters);
  const left = parameters.filter((spec) => !spec.fixed && isNamed(spec) && !isFrozen(spec));
  if (left.length === 0) throw new RangeError("frozen: expected something left to train");
  return left;
}

/**
 * Whether a parameter is named by one of some entries: parts (`"image"`, `"text"`, `"logit_scale"`,
 * `"loss"`) or patterns of parameter names, in which `*` stands for anything.
 *
 * @param setting Where the entries stand, for errors.
 * @throws {RangeError} if an entry names none of the parameters.
 */
export function parameterMatcher(
  setting: string,
  entries: readonly string[],
  parameters: readonly ParameterSpec[],
): (spec: ParameterSpec) => boolean {
  const matchers = entries.map((entry) => matcher(entry));
  for (const [i, matches] of matchers.entries()) {
    if (parameters.some(matches)) continue;
    const guess = nearest(entries[i]!, [
      ...new Set(parameters.map(({ part }) => part as string)),
      ...parameters.map(({ name }) => name),
    ]);
    throw new RangeError(
      `${setting}: "${entries[i]}" is neither a part nor a pattern of a parameter's name` +
        (guess === undefined ? "" : `; did you mean "${guess}"?`),
    );
  }
  return (spec) => matchers.some((matches) => matches(spec));
}

function matcher(entry: string): (spec: ParameterSpec) => boolean {
  const pattern = new RegExp(`^${namePattern(entry)}$`);
  return ({ name, part }) => part === entry || pattern.test(name);
}
