/**
 * Work that processes share, and what becomes of it when it fails in one of them.
 *
 * @module
 */
import { EmbeddingError } from "../embedding_error.ts";
import { PictureError } from "../images/picture_error.ts";
import type { Exchange } from "./exchange.ts";

/** Processes that share a run do different things: what they computed together means nothing. */
export class PartedError extends Error {
  /** The class's name, before the message. */
  override readonly name = "PartedError";
}

/** How a process's part of some work ended. */
interface End {
  readonly what: string;
  readonly fault?: Fault;
}

/** An error that another process can throw again. */
type Fault =
  | { readonly kind: "image"; readonly where: string; readonly reason: string }
  | {
    readonly kind: "embedding";
    readonly message: string;
    readonly from: string;
    readonly row: number;
    readonly fault: string;
  }
  | { readonly kind: "stopped" }
  | { readonly kind: "other"; readonly message: string };

/**
 * Does this process's part of some work and tells the others how it ended: it fails in all processes
 * where it fails in one.
 *
 * @param what Names the work, equally in all of them.
 * @throws what this process's part throws; else what that of the first other one did that failed: an
 *   PictureError, an EmbeddingError, an AbortError, or an Error that names the process.
 * @throws {PartedError} if they are not at the same work.
 */
export async function together<T>(
  exchange: Exchange,
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  if (exchange.size === 1) return await work();
  const [own] = await Promise.allSettled([work()]);
  if (own.status === "rejected" && own.reason instanceof PartedError) throw own.reason;
  const end: End = own.status === "fulfilled" ? { what } : { what, fault: faultOf(own.reason) };
  const ends = (await exchange.gatherNames([JSON.stringify(end)]))
    .map((text) => JSON.parse(text) as End);
  if (ends.some((each) => each.what !== what)) {
    const each = ends.map(({ what, fault }, rank) =>
      `process ${rank}: ${what}${fault === undefined ? "" : ` (${describe(fault)})`}`
    );
    throw new PartedError(`the processes are not at the same work; ${each.join(", ")}`);
  }
  if (own.status === "rejected") throw own.reason;
  const failed = ends.findIndex(({ fault }) => fault !== undefined);
  if (failed !== -1) throw errorOf(ends[failed]!.fault!, failed);
  return own.value;
}

/** Whether something holds in any of the processes. */
export async function anyOf({ size, gather }: Exchange, holds: boolean): Promise<boolean> {
  if (size === 1) return holds;
  return (await gather(Float32Array.of(holds ? 1 : 0))).some((each) => each === 1);
}

/**
 * What the first process knows, as JSON can hold it; the others are not asked.
 *
 * @throws what it throws, in all of them.
 */
export async function fromFirst<T>(exchange: Exchange, know: () => Promise<T>): Promise<T> {
  if (exchange.size === 1) return await know();
  let own: { readonly value: T } | undefined;
  let error: unknown;
  if (exchange.rank === 0) {
    try {
      own = { value: await know() };
    } catch (caught) {
      error = caught;
    }
  }
  const words = own ?? { fault: error === undefined ? undefined : faultOf(error) };
  const [text] = await exchange.gatherNames(exchange.rank === 0 ? [JSON.stringify(words)] : []);
  if (error !== undefined) throw error;
  const known = JSON.parse(text!) as { readonly value: T; readonly fault?: Fault };
  if (known.fault !== undefined) throw errorOf(known.fault, 0);
  return known.value;
}

/**
 * Gives up in all processes where somebody has asked one of them to.
 *
 * @throws the signal's reason, or an AbortError.
 */
export async function throwIfStopped(
  exchange: Exchange,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!await anyOf(exchange, signal?.aborted === true)) return;
  signal?.throwIfAborted();
  throw new DOMException("stopped", "AbortError");
}

/** Whether an error only says that somebody asked to stop. */
export function isStop(error: unknown, signal: AbortSignal | undefined): boolean {
  return (signal?.aborted === true && error === signal.reason) ||
    (error instanceof DOMException && error.name === "AbortError");
}

/** The result of `work`, or undefined if it gave up because it was asked to stop. */
export async function unlessStopped<T>(
  work: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isStop(error, signal)) return undefined;
    throw error;
  }
}

function faultOf(error: unknown): Fault {
  if (error instanceof PictureError) {
    return { kind: "image", where: error.where, reason: error.reason };
  }
  if (error instanceof EmbeddingError) {
    const { message, from, row, fault } = error;
    return { kind: "embedding", message, from, row, fault };
  }
  if (isStop(error, undefined)) return { kind: "stopped" };
  return { kind: "other", message: error instanceof Error ? error.message : String(error) };
}

function errorOf(fault: Fault, rank: number): Error {
  switch (fault.kind) {
    case "image":
      return new PictureError(fault.where, fault.reason);
    case "embedding": {
      const error = new EmbeddingError(fault.from, fault.row, fault.fault);
      error.message = fault.message;
      return error;
    }
    case "stopped":
      return new DOMException("stopped", "AbortError");
    case "other":
      return new Error(`process ${rank}: ${fault.message}`);
  }
}

function describe(fault: Fault): string {
  switch (fault.kind) {
    case "image":
      return `${fault.where}: ${fault.reason}`;
    case "stopped":
      return "stopped";
    default:
      return fault.message;
  }
}
