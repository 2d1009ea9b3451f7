/**
 * Seeded randomness. Every random choice of Syntagma is drawn from a {@linkcode Random} that the
 * caller passes in, made from a key such as `(seed, epoch, index)`, so a choice depends on what it
 * is for and never on the order in which the program happened to make it.
 *
 * @module
 */

/** A stream of random numbers that its key determines. */
export interface Random {
  /** A number in [0, 1) with 32 random bits. */
  next(): number;
  /** An integer in [0, `below`). */
  integer(below: number): number;
  /** True or false, each with probability one half. */
  coin(): boolean;
  /** A sample of the standard normal distribution. */
  normal(): number;
  /** One element of `items`, each as likely as any other. */
  pick<T>(items: readonly T[]): T;
  /** A new array with the elements of `items` in random order. */
  shuffle<T>(items: readonly T[]): T[];
  /** `count` different elements of `items`, in random order. */
  sample<T>(items: readonly T[], count: number): T[];
}

/**
 * The stream that belongs to a key. Equal keys give equal streams on every machine; keys that
 * differ in any part give unrelated streams.
 *
 * The generator is sfc32 (PractRand), its 128 bits of state filled from the key by MurmurHash3's
 * mixing function.
 *
 * @example
 * ```ts
 * import { createRandom } from "@syntagma/syntagma";
 *
 * const random = createRandom(42, "pairs", 0, 17);
 * const partner = random.integer(1000);
 * console.assert(partner === createRandom(42, "pairs", 0, 17).integer(1000));
 * ```
 */
export function createRandom(...key: readonly (number | string)[]): Random {
  let [a, b, c, d] = hash(key.map((part) => `${typeof part}:${part}`).join("\u0000"));
  const next32 = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let warmUp = 0; warmUp < 15; warmUp++) next32();

  const next = () => next32() / 4294967296;
  const integer = (below: number): number => {
    if (!Number.isInteger(below) || below < 1 || below > 4294967296) {
      throw new RangeError(
        `integer(below): expected a whole number from 1 to 2^32, found ${below}`,
      );
    }
    if (below === 4294967296) return next32();
    // As whole numbers of 32 bits: the remainder of a larger one is that of floats, which takes long.
    const divisor = below >>> 0;
    // Values past the last full multiple of `below` would favour small results: draw again. This is
    // 2^32 modulo `below`, so many values are too much.
    const excess = ((-below >>> 0) % divisor) >>> 0;
    let value = next32();
    while (value > 4294967295 - excess) value = next32();
    return (value >>> 0) % divisor;
  };
  const shuffle = <T>(items: readonly T[]): T[] => {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = integer(i + 1);
      [result[i], result[j]] = [result[j]!, result[i]!];
    }
    return result;
  };
  return {
    next,
    integer,
    coin: () => (next32() & 1) === 1,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    pick: (items) => {
      if (items.length === 0) throw new RangeError("pick(items): expected at least one item");
      return items[integer(items.length)]!;
    },
    shuffle,
    sample: (items, count) => {
      if (!(Number.isInteger(count) && count >= 0 && count <= items.length)) {
        throw new RangeError(
          `sample(items, count): expected a count from 0 to ${items.length}, found ${count}`,
        );
      }
      return shuffle(items).slice(0, count);
    },
  };
}

function hash(text: string): [number, number, number, number] {
  const seeds = [1779033703, 3144134277, 1013904242, 2773480762] as const;
  const state = seeds.map((seed) => {
    let h = seed ^ text.length;
    for (let i = 0; i < text.length; i++) {
      let k = Math.imul(text.charCodeAt(i), 0xcc9e2d51);
      k = (k << 15) | (k >>> 17);
      h ^= Math.imul(k, 0x1b873593);
      h = (h << 13) | (h >>> 19);
      h = (Math.imul(h, 5) + 0xe6546b64) | 0;
    }
    h ^= h >>> 16;
    h = Math.imul(h, 0x85ebca6b);
    h ^= h >>> 13;
    h = Math.imul(h, 0xc2b2ae35);
    return h ^ (h >>> 16);
  });
  return state as [number, number, number, number];
}
