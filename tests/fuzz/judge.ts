/** What came of an input. */
export type Outcome =
  /** It was read: what was changed was no matter, or made it another valid file. */
  | { readonly kind: "read" }
  /** It was read but for parts that were told of. */
  | { readonly kind: "faults" }
  /** It was refused with an error for people. */
  | { readonly kind: "refused"; readonly message: string }
  /** The error tells of the program and not of the file. */
  | { readonly kind: "unclear"; readonly message: string };

/** What JavaScript itself says where a program has not looked before. */
const INTERNAL = new RegExp(
  [
    "Cannot (read|set|convert|mix|destructure|access)",
    "is not (a function|iterable|a constructor|defined|an object)",
    "\\bundefined\\b",
    "\\[object ",
    "Invalid (array|typed array|string|DataView|code point|date|time)",
    "Array buffer allocation failed",
    "Maximum call stack",
    "out of (bounds|range|memory)",
    "outside the bounds",
    "should be a multiple of",
    "Reduce of empty",
    "BigInt",
    "encoded data was not valid",
    "Division by zero",
  ].join("|"),
  "i",
);

/** The longest message that a person reads. */
const LONGEST = 4000;

/**
 * Judges the error that a reader threw.
 *
 * @param names What the message may name: the file, its folder, a setting.
 */
export function judge(error: unknown, names: readonly string[]): Outcome {
  if (!(error instanceof Error)) return { kind: "unclear", message: `threw ${error}` };
  const message = `${error.name}: ${error.message}`;
  const unclear = (why: string): Outcome => ({
    kind: "unclear",
    message: `${why}: ${message.slice(0, 500)}\n${error.stack?.split("\n").slice(1, 6).join("\n")}`,
  });
  if (message.length > LONGEST) return unclear(`a message of ${message.length} characters`);
  if (!names.some((name) => error.message.includes(name))) return unclear("names no file");
  if (INTERNAL.test(error.message)) return unclear("speaks of the program");
  return { kind: "refused", message };
}
