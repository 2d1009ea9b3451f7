/**
 * Things that are looked at before any work is done.
 *
 * @module
 */
import type { Context } from "../../../core/context.ts";
import type { Evaluator } from "../../../core/evaluator.ts";
import { LargeFileError } from "../../../core/host/assets/large_file_error.ts";
import type { RunNeed } from "./run_options.ts";

/** A need, with the error that tells of its lack. */
export interface CheckedNeed extends RunNeed {
  readonly error?: Error;
}

/** What was found of one thing: the thing itself, where it is there. */
export interface Found<T> {
  readonly need: CheckedNeed;
  readonly value?: T;
}

/**
 * Looks at one thing.
 *
 * @param work Gives it, and what there is to say of it; an error that it throws is its lack, but for
 *   a `TypeError`, which is a mistake in code.
 */
export async function look<T>(
  what: string,
  work: () => Promise<{ readonly value: T; readonly state: string }>,
): Promise<Found<T>> {
  try {
    const { value, state } = await work();
    return { need: { what, state, ready: true }, value };
  } catch (error) {
    if (!(error instanceof Error) || error instanceof TypeError) throw error;
    return { need: { what, state: error.message, ready: error instanceof LargeFileError, error } };
  }
}

/** Asks a benchmark whether what it needs is there. */
export async function lookAtEvaluator(
  evaluator: Evaluator,
  context: Context,
): Promise<Found<Evaluator>> {
  return await look(`evaluators.${evaluator.name}`, async () => {
    await evaluator.check?.(context);
    return { value: evaluator, state: "ready" };
  });
}

/**
 * Asks every benchmark whether what it needs is there.
 *
 * @throws {RangeError} with what is lacking for each that is not ready.
 */
export async function checkEvaluators(
  evaluators: readonly Evaluator[],
  context: Context,
): Promise<void> {
  const needs: CheckedNeed[] = [];
  for (const each of evaluators) needs.push((await lookAtEvaluator(each, context)).need);
  requireAll(needs);
}

/**
 * Makes sure that nothing is lacking.
 *
 * @throws what tells of the one thing that is, or a RangeError with all of them.
 */
export function requireAll(needs: readonly CheckedNeed[]): void {
  const lacking = needs.filter(({ ready }) => !ready);
  const isEvaluator = ({ what }: CheckedNeed) => what.startsWith("evaluators.");
  if (lacking.length === 1 && !isEvaluator(lacking[0]!)) throw lacking[0]!.error;
  if (lacking.length === 0) return;
  const lines = lacking.map(({ what, state }) => `${what}: ${state}`);
  if (lacking.some(isEvaluator)) {
    lines.push("evaluators=none leaves evaluation out; evaluators=name leaves out all others");
  }
  throw new RangeError(lines.join("\n"));
}
