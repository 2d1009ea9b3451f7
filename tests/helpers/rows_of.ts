import type { Batch } from "../../core/training/loop/batches.ts";
import type { ReadGroup } from "../../core/training/loop/read_group.ts";
import { identityOf } from "../../core/training/loop/identity.ts";

/** Rows `from` to `to` of a batch, as a process has them that trains with others. */
export function rowsOf(
  { ids, pixels, images = [], groups: all, identity, examples, read, ...rest }: Batch,
  from: number,
  to: number,
): Batch {
  const pictures = [1, ...images.map(({ count }) => count)];
  const each = pixels.length / ids.length / pictures.reduce((a, b) => a + b);
  let start = 0;
  const own = pictures.flatMap((count) => {
    const first = start;
    start += ids.length * count;
    return [...pixels.subarray((first + from * count) * each, (first + to * count) * each)];
  });
  const groups = all.map(({ name, count, tokens, present }) => ({
    ...{ name, count },
    tokens: tokens.slice(from * count, to * count),
    present: present.slice(from * count, to * count),
  }));
  return {
    ...rest,
    ids: ids.slice(from, to),
    pixels: Float32Array.from(own),
    ...(images.length === 0 ? {} : {
      images: images.map(({ name, count, present }) => ({
        ...{ name, count },
        present: present.slice(from * count, to * count),
      })),
    }),
    groups,
    ...(examples && { examples: examples.slice(from, to) }),
    ...(read === undefined ? {} : { read: read.map((group) => readRows(group, from, to)) }),
    identity: identityOf(identity.shows.slice(from, to), groups),
  };
}

/** As long as the longest of these rows. */
function readRows({ name, count, length, ids }: ReadGroup, from: number, to: number): ReadGroup {
  const rows = ids.slice(from * count * length, to * count * length);
  const texts = Array.from(
    { length: (to - from) * count },
    (_, i) => [...rows.subarray(i * length, (i + 1) * length)],
  );
  const own = Math.max(...texts.map((text) => text.filter((id) => id >= 0).length));
  const cut = texts.flatMap((text) => text.slice(0, own));
  return { name, count, length: own, ids: Float32Array.from(cut) };
}
