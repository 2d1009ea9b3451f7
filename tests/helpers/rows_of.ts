import type { Batch } from "../../core/training/loop/batches.ts";
import { identityOf } from "../../core/training/loop/identity.ts";

/** Rows `from` to `to` of a batch, as a process has them that trains with others. */
export function rowsOf(
  { ids, pixels, images = [], groups: all, identity, ...rest }: Batch,
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
    identity: identityOf(identity.shows.slice(from, to), groups),
  };
}
