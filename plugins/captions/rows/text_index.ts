/** Finds the row of a text among many, without keeping the texts. */
export interface TextIndex {
  /** The row of this text; `undefined` if none was added. */
  find(text: string): number | undefined;
  /** Adds a text that is not there. */
  add(text: string, row: number): void;
}

/** How full a table may be: beyond it, searches become long. */
const FULL = 0.7;

/** Tables, which grow one at a time: to grow takes twice the room. A power of 2. */
const TABLES = 64;

/** Hashes and, at the same places, rows and 1; 0 where there is none. */
interface Table {
  hashes: Uint32Array;
  rows: Uint32Array;
  count: number;
}

/**
 * Starts with no texts. It keeps two numbers of 32 bits for each in tables that are at least a third
 * full: parts of a table's text, as keys, would keep the whole table in memory, and a `Map` ends at
 * 16.7 million.
 *
 * @param textOf The text of a row that was added, asked for where two texts may be the same.
 */
export function createTextIndex(textOf: (row: number) => string): TextIndex {
  const tables = Array.from({ length: TABLES }, (): Table => ({
    hashes: new Uint32Array(16),
    rows: new Uint32Array(16),
    count: 0,
  }));
  const tableOf = (hash: number): Table => tables[hash >>> (32 - Math.log2(TABLES))]!;
  /** The first place from a hash's own on that is free. */
  const put = ({ hashes, rows }: Table, hash: number, row: number): void => {
    const mask = rows.length - 1;
    let place = hash & mask;
    while (rows[place] !== 0) place = (place + 1) & mask;
    hashes[place] = hash;
    rows[place] = row;
  };
  const grow = (table: Table): void => {
    const { hashes, rows } = table;
    table.hashes = new Uint32Array(2 * rows.length);
    table.rows = new Uint32Array(2 * rows.length);
    for (let i = 0; i < rows.length; i++) {
      if (rows[i] !== 0) put(table, hashes[i]!, rows[i]!);
    }
  };
  return {
    find(text) {
      const hash = hashOf(text);
      const { hashes, rows } = tableOf(hash);
      const mask = rows.length - 1;
      for (let place = hash & mask; rows[place] !== 0; place = (place + 1) & mask) {
        const row = rows[place]! - 1;
        if (hashes[place] === hash && textOf(row) === text) return row;
      }
      return undefined;
    },
    add(text, row) {
      const hash = hashOf(text);
      const table = tableOf(hash);
      if (++table.count > FULL * table.rows.length) grow(table);
      put(table, hash, row + 1);
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
