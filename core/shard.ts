/**
 * Parts of a work that several processes do, each its own.
 *
 * @module
 */

/** One part of a work. */
export interface Shard {
  /** Which one, from 1. */
  readonly number: number;
  /** Into how many the work is parted. */
  readonly count: number;
}

/** Whether a thing of a list belongs to a part: things go round the parts. */
export function isShare({ number, count }: Shard, place: number): boolean {
  return place % count === number - 1;
}

/**
 * The range of a list that belongs to a part, where things that stand together are to stay together:
 * the parts one after another are the list.
 *
 * @param unit Ranges begin at multiples of it. Default 1.
 */
export function shareOf(
  { number, count }: Shard,
  length: number,
  unit = 1,
): { readonly start: number; readonly end: number } {
  const units = Math.ceil(length / unit);
  const place = (part: number) => Math.min(length, unit * Math.floor(units * part / count));
  return { start: place(number - 1), end: place(number) };
}

/** A part as it is written: `2/8`. */
export function formatShard({ number, count }: Shard): string {
  return `${number}/${count}`;
}
