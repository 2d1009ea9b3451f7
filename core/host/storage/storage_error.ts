/** A file that cannot be written: a full disk, a missing or unwritable folder. */
export class StorageError extends Error {
  /** Always `"StorageError"`. */
  override readonly name = "StorageError";
  /**
   * Puts the sentence together.
   *
   * @param path The file that was to be written.
   * @param reason What stood in the way.
   */
  constructor(readonly path: string, readonly reason: string, options?: ErrorOptions) {
    super(`${path} cannot be written: ${reason}`, options);
  }
}

const diskFaults: Readonly<Record<string, string>> = {
  ENOSPC: "no space left on the disk",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file is too large for the disk or the limits of this process",
  EIO: "the disk failed",
};

/** Whether an error says that a disk is full or broken, whichever file it is about. */
export function isDiskFault(error: unknown): boolean {
  return codeOf(error) in diskFaults;
}

/** The {@linkcode StorageError} of a file that the system refused to write, in words for readers. */
export function storageErrorOf(path: string, error: unknown): StorageError {
  return new StorageError(path, describe(error), { cause: error });
}

/** Deno 2.9 has no code for these, but tells their numbers. */
const numbers: Readonly<Record<string, string>> = { "27": "EFBIG", "122": "EDQUOT" };

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if ("code" in error && error.code !== undefined) return String(error.code);
  return numbers[/\(os error (\d+)\)/.exec(error.message)?.[1] ?? ""] ?? "";
}

function describe(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "its folder does not exist";
  const message = error instanceof Error ? error.message : String(error);
  // Deno appends the call and its paths, of which the reader knows nothing.
  return diskFaults[codeOf(error)] ?? message.replace(/: (open|rename|mkdir|writefile) '.*$/s, "");
}
