import type { TensorFile, TensorInfo } from "../../core/storage/mod.ts";

/** Names in a list of an error before the rest is counted. */
const NAMED = 10;

/**
 * Makes sure that two checkpoints have the same tensors.
 *
 * @throws {TypeError} listing those that only one side has, or that differ in type or shape.
 */
export function compareCheckpoints(before: TensorFile, after: TensorFile): void {
  const missing = before.names.filter((name) => !after.has(name));
  const strange = after.names.filter((name) => !before.has(name));
  const different = before.names
    .filter((name) => after.has(name))
    .map((name) => ({ name, was: describe(before.info(name)), is: describe(after.info(name)) }))
    .filter(({ was, is }) => was !== is)
    .map(({ name, was, is }) => `${name} (${was} and ${is})`);
  const lines = [
    ...list(`only in ${before.path}`, missing),
    ...list(`only in ${after.path}`, strange),
    ...list("of another type or shape", different),
  ];
  if (lines.length === 0) return;
  throw new TypeError(
    [
      `${before.path} and ${after.path}: expected two checkpoints of one architecture, found tensors`,
      ...lines,
    ].join("\n"),
  );
}

function list(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const rest = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
  return [`${what}: ${names.slice(0, NAMED).join(", ")}${rest}`];
}

function describe({ dtype, shape }: TensorInfo): string {
  return `${dtype} [${shape.join(", ")}]`;
}
