/**
 * Faults of settings and options, as data and as text.
 *
 * @module
 */
import { isComponent } from "./component.ts";
import { shortened } from "./shortened.ts";

/** One thing that is wrong with settings, with the options of a component, or with a change of them. */
export interface Fault {
  /** The way to the value, names and indices; empty for the whole. */
  readonly path: readonly (string | number)[];
  /**
   * `"unknown"`: there is nothing of that name. `"missing"`: it was not given and has no default.
   * `"refused"`: its value does not do. `"failed"`: an error that says no more than its message.
   */
  readonly code: "unknown" | "missing" | "refused" | "failed";
  /**
   * What was expected, to be read after the word "expected"; where it is unknown, the names that are
   * known; where it failed, the error's message.
   */
  readonly expected: string;
  /** The value that was found; undefined where there is none. */
  readonly found: unknown;
  /** What was most likely meant: a path in the frame of {@linkcode Fault.path}, or a value. */
  readonly suggestion?: string;
}

/**
 * Settings or options that are refused: all of their faults, with one line of the message for each.
 *
 * @example
 * ```ts
 * import { SettingsError } from "@syntagma/syntagma";
 * import { adamw } from "@syntagma/syntagma/optimizers";
 *
 * try {
 *   adamw({ lr: -1 });
 * } catch (error) {
 *   if (!(error instanceof SettingsError)) throw error;
 *   console.assert(error.message === "adamw.lr: expected a number above 0, found -1");
 *   console.assert(error.faults[0]!.path[0] === "lr");
 * }
 * ```
 */
export class SettingsError extends RangeError {
  /** What is wrong. */
  readonly faults: readonly Fault[];

  /**
   * An error with all faults, one line each.
   *
   * @param faults At least one.
   * @param root What the paths start from, for the message: a component's name.
   */
  constructor(faults: readonly Fault[], root?: string) {
    const lines = faults.slice(0, TOLD).map((fault) => describeFault(fault, root));
    if (faults.length > TOLD) lines.push(`and ${faults.length - TOLD} more`);
    super(lines.join("\n"));
    this.faults = faults;
  }
}

/** Faults that a message tells; more are counted. */
const TOLD = 20;

/** The fault as it is seen from outside of what `path` leads to. */
export function faultWithin(path: Fault["path"], fault: Fault): Fault {
  const { code, suggestion } = fault;
  return {
    ...fault,
    path: [...path, ...fault.path],
    ...(suggestion === undefined || code !== "unknown"
      ? {}
      : { suggestion: [...path, suggestion].join(".") }),
  };
}

/**
 * The faults that an error tells of; one, with its message, where it is another error that refuses
 * a value.
 *
 * @throws the error itself if it is none that refuses a value.
 */
export function faultsOf(error: unknown): readonly Fault[] {
  if (error instanceof SettingsError) return error.faults;
  if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
  return [{ path: [], code: "failed", expected: error.message, found: undefined }];
}

/** A fault on one line; `root` begins its path. */
export function describeFault(
  { path, code, expected, found, suggestion }: Fault,
  root?: string,
): string {
  const where = [...(root === undefined ? [] : [root]), ...path.map(shownKey)].join(".");
  const what = code === "failed"
    ? expected
    : code === "unknown"
    ? "there is no such setting"
    : `expected ${expected}, found ${describeFound(found)}`;
  const hint = suggestion === undefined ? "" : `; did you mean "${suggestion}"?`;
  return `${where === "" ? "" : `${where}: `}${what}${hint}`;
}

function shownKey(key: string | number): string {
  return shortened(String(key));
}

/** The longest JSON that is shown as it is. */
const SHOWN = 80;

/** A value that was found, to be read after "found". */
export function describeFound(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "function") return "a function";
  if (isComponent(value)) return `the component ${value.name}`;
  if (typeof value === "object" && value !== null) {
    const kind = Array.isArray(value) ? `a list of ${value.length}` : "an object";
    const json = holdsOnlyJson(value) ? JSON.stringify(value) : kind;
    return json.length <= SHOWN ? json : kind;
  }
  return shortened(typeof value === "string" ? JSON.stringify(value) : String(value));
}

function holdsOnlyJson(value: unknown): boolean {
  if (typeof value === "object" && value !== null) {
    return !isComponent(value) && Object.values(value).every(holdsOnlyJson);
  }
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}
