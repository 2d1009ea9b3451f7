import type { TensorInfo } from "../../core/host/storage/tensor_file.ts";
import { isFloatDtype } from "./float_dtype.ts";

/** Names in a list of an error before the rest is counted. */
const NAMED = 100;

/** One side of an interpolation. */
export interface TensorList {
  /** What errors call it. */
  readonly title: string;
  /** Its tensors by name. */
  readonly tensors: ReadonlyMap<string, TensorInfo>;
}

/**
 * Makes sure that two sides have the same tensors. Floats of any type fit each other; what is no
 * float has nothing between two values, so that its type counts too.
 *
 * @throws {TypeError} listing those that only one side has, or that differ in type or shape.
 */
export function compareTensors(before: TensorList, after: TensorList): void {
  const missing = [...before.tensors.keys()].filter((name) => !after.tensors.has(name));
  const strange = [...after.tensors.keys()].filter((name) => !before.tensors.has(name));
  const different = [...before.tensors].flatMap(([name, was]) => {
    const is = after.tensors.get(name);
    return is === undefined || fit(was, is)
      ? []
      : [`${name} (${describe(was)} and ${describe(is)})`];
  });
  const lines = [
    ...list(`only in ${before.title}`, missing),
    ...list(`only in ${after.title}`, strange),
    ...list("of another type or shape", different),
  ];
  if (lines.length === 0) return;
  throw new TypeError(
    [
      `${before.title} and ${after.title}: expected weights of one architecture, found tensors`,
      ...lines,
    ].join("\n"),
  );
}

function fit(was: TensorInfo, is: TensorInfo): boolean {
  const floats = isFloatDtype(was.dtype) && isFloatDtype(is.dtype);
  return (floats || was.dtype === is.dtype) && was.shape.join() === is.shape.join();
}

function list(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const rest = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
  return [`${what}: ${names.slice(0, NAMED).join(", ")}${rest}`];
}

function describe({ dtype, shape }: TensorInfo): string {
  return `${dtype} [${shape.join(", ")}]`;
}
