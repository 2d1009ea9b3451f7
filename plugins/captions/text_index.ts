/** Finds the row of a text among many, without keeping the texts. */
export interface TextIndex {
  /** The row of this text; `undefined` if none was added. */
  find(text: string): number | undefined;
  /** Adds a text that is not there. */
  add(text: string, row: number): void;
}

/**
 * Starts with no texts. It keeps a number for each: parts of a table's text, as keys, would keep the
 * whole table in memory.
 *
 * @param textOf The text of a row that was added, asked for where two texts may be the same.
 */
export function createTextIndex(textOf: (row: number) => string): TextIndex {
  const rows = new Map<number, number>();
  return {
    find(text) {
      for (let key = hashOf(text);; key++) {
        const row = rows.get(key);
        if (row === undefined || textOf(row) === text) return row;
      }
    },
    add(text, row) {
      let key = hashOf(text);
      while (rows.has(key)) key++;
      rows.set(key, row);
    },
  };
}

/** 53 bits that spread well over texts that are much alike (cyrb53, in the public domain). */
function hashOf(text: string): number {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}
