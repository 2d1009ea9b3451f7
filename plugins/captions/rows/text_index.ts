/** Finds the row of a text among many, without keeping the texts. */
export interface TextIndex {
  /** The row of this text; `undefined` if none was added. */
  find(text: string): number | undefined;
  /** Adds a text that is not there. */
  add(text: string, row: number): void;
}

/** How full the table may be: beyond it, searches become long. */
const FULL = 0.7;

/**
 * Starts with no texts. It keeps two numbers of 32 bits for each in tables that are at least a third
 * full: parts of a table's text, as keys, would keep the whole table in memory, and a `Map` ends at
 * 16.7 million.
 *
 * @param textOf The text of a row that was added, asked for where two texts may be the same.
 */
export function createTextIndex(textOf: (row: number) => string): TextIndex {
  /** By place: a hash, and its row and 1; 0 where there is none. */
  let table = { hashes: new Uint32Array(1024), rows: new Uint32Array(1024) };
  let count = 0;
  /** The first place from a hash's own on that is free. */
  const put = ({ hashes, rows }: typeof table, hash: number, row: number): void => {
    const mask = rows.length - 1;
    let place = hash & mask;
    while (rows[place] !== 0) place = (place + 1) & mask;
    hashes[place] = hash;
    rows[place] = row;
  };
  const grow = (): void => {
    const { hashes, rows } = table;
    const size = 2 * rows.length;
    const larger = { hashes: new Uint32Array(size), rows: new Uint32Array(size) };
    for (let i = 0; i < rows.length; i++) {
      if (rows[i] !== 0) put(larger, hashes[i]!, rows[i]!);
    }
    table = larger;
  };
  return {
    find(text) {
      const { hashes, rows } = table;
      const mask = rows.length - 1;
      const hash = hashOf(text);
      for (let place = hash & mask; rows[place] !== 0; place = (place + 1) & mask) {
        const row = rows[place]! - 1;
        if (hashes[place] === hash && textOf(row) === text) return row;
      }
      return undefined;
    },
    add(text, row) {
      if (++count > FULL * table.rows.length) grow();
      put(table, hashOf(text), row + 1);
    },
  };
}

/** 32 bits that spread well over texts that are much alike (cyrb53, in the public domain). */
function hashOf(text: string): number {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  return a >>> 0;
}
