/** Whether an error is about the disk or this program, and no benchmark's or checkpoint's own. */
export function isFault(error: Error): boolean {
  return error.name === "StorageError" || error instanceof TypeError ||
    error instanceof ReferenceError;
}
