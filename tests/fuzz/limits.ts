/** Milliseconds of a processor that a reader may take for one spoiled file; all of them are small. */
export const LONGEST = 10_000;

/** Bytes that a process may have at its most while it reads one, with its modules and libraries. */
export const LARGEST = 2 ** 30;
