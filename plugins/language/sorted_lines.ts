/**
 * Lines of a sorted text file that begin with something, found by bisection, so that a file of
 * megabytes is opened without being taken apart.
 *
 * @module
 */

const NEWLINE = 10;

/** A text file of ASCII lines in the order of their bytes, and comments before them. */
export interface SortedLines {
  /** All lines that begin with `prefix`, in the file's order. */
  withPrefix(prefix: string): readonly string[];
}

/** The lines of `bytes`; those that begin with a space count as comments if they stand first. */
export function sortedLines(bytes: Uint8Array): SortedLines {
  const first = firstLine(bytes);

  /** Where the first line begins that is not before `prefix`. */
  const lowerBound = (prefix: string): number => {
    let low = first;
    let high = bytes.length;
    while (low < high) {
      const middle = lineStart(bytes, (low + high) >> 1, low);
      if (compare(bytes, middle, prefix) < 0) low = lineEnd(bytes, middle) + 1;
      else high = middle;
    }
    return low;
  };

  return {
    withPrefix(prefix: string): readonly string[] {
      const lines: string[] = [];
      let start = lowerBound(prefix);
      while (start < bytes.length && compare(bytes, start, prefix) === 0) {
        const end = lineEnd(bytes, start);
        lines.push(ascii(bytes, start, end));
        start = end + 1;
      }
      return lines;
    },
  };
}

/** The line that begins at a position, without its end. */
export function lineAt(bytes: Uint8Array, start: number): string {
  return ascii(bytes, start, lineEnd(bytes, start));
}

function firstLine(bytes: Uint8Array): number {
  let start = 0;
  while (bytes[start] === 32) start = lineEnd(bytes, start) + 1;
  return start;
}

function lineStart(bytes: Uint8Array, position: number, low: number): number {
  const newline = bytes.lastIndexOf(NEWLINE, position - 1);
  return Math.max(newline + 1, low);
}

function lineEnd(bytes: Uint8Array, start: number): number {
  const newline = bytes.indexOf(NEWLINE, start);
  return newline === -1 ? bytes.length : newline;
}

/** Below 0 if the line sorts before every line with this prefix, 0 if it has it. */
function compare(bytes: Uint8Array, start: number, prefix: string): number {
  for (let i = 0; i < prefix.length; i++) {
    const difference = (bytes[start + i] ?? 0) - prefix.charCodeAt(i);
    if (difference !== 0) return difference;
  }
  return 0;
}

const decoder = new TextDecoder("latin1");

function ascii(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}
