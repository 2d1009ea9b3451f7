/** Finds the row of a text among many, without keeping the texts. */
export interface TextIndex {
  /** The row of this text; `undefined` if none was added. */
  find(text: string): number | undefined;
  /** Adds a text that is not there. */
  add(text: string, row: number): void;
}

/** How full a table may be: beyond it, searches become long. */
const FULL = 0.8;

/** How much larger a table becomes when it is full: memory is short, and time is not. */
const GROWTH = 1.2;

/** Bits of a hash that choose the table; tables grow one at a time, as to grow takes twice the room. */
const TABLE_BITS = 6;

/** The number of the other bits' values. */
const PLACES = 2 ** (32 - TABLE_BITS);

/** Hashes and, at the same places, rows and 1; 0 where there is none. */
interface Table {
  hashes: Uint32Array;
  rows: Uint32Array;
  count: number;
}

/**
 * Starts with no texts. It keeps two numbers of 32 bits for each in tables that are at least two
 * thirds full: parts of a table's text, as keys, would keep the whole table in memory, and a `Map` ends at
 * 16.7 million.
 *
 * @param textOf The text of a row that was added, asked for where two texts may be the same.
 */
export function createTextIndex(textOf: (row: number) => string): TextIndex {
  const tables = Array.from({ length: 2 ** TABLE_BITS }, (): Table => ({
    hashes: new Uint32Array(16),
    rows: new Uint32Array(16),
    count: 0,
  }));
  const tableOf = (hash: number): Table => tables[hash >>> (32 - TABLE_BITS)]!;
  /** The first place from a hash's own on that is free. */
  const put = ({ hashes, rows }: Table, hash: number, row: number): void => {
    let place = placeOf(hash, rows.length);
    while (rows[place] !== 0) place = next(place, rows.length);
    hashes[place] = hash;
    rows[place] = row;
  };
  const grow = (table: Table): void => {
    const { hashes, rows } = table;
    const larger = Math.ceil(GROWTH * rows.length);
    table.hashes = new Uint32Array(larger);
    table.rows = new Uint32Array(larger);
    for (let i = 0; i < rows.length; i++) {
      if (rows[i] !== 0) put(table, hashes[i]!, rows[i]!);
    }
  };
  return {
    find(text) {
      const hash = hashOf(text);
      const { hashes, rows } = tableOf(hash);
      let place = placeOf(hash, rows.length);
      for (; rows[place] !== 0; place = next(place, rows.length)) {
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

/** A hash's own place: its bits that do not choose the table, spread over so many places. */
function placeOf(hash: number, places: number): number {
  return Math.floor((hash % PLACES) / PLACES * places);
}

function next(place: number, places: number): number {
  return place + 1 === places ? 0 : place + 1;
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
