import { expect } from "expect";
import type { AnyObjective } from "../../../../core/objective.ts";
import { batchesAhead, composeAhead } from "../../../../core/training/loop/ahead.ts";
import type { Batch } from "../../../../core/training/loop/batches.ts";

/** A stream whose batches come when they are let out; it tells for which objectives it was asked. */
function openStream() {
  const asked: string[] = [];
  const open: PromiseWithResolvers<Batch>[] = [];
  return {
    asked,
    /** Ends the oldest batch that is under way. */
    end: async (batch: Partial<Batch> | Error) => {
      const oldest = open.shift()!;
      if (batch instanceof Error) oldest.reject(batch);
      else oldest.resolve(batch as Batch);
      await new Promise((resolve) => setTimeout(resolve));
    },
    next: ({ name }: AnyObjective) => {
      asked.push(name);
      open.push(Promise.withResolvers());
      return open.at(-1)!.promise;
    },
  };
}

const objectiveOf = (step: number) => ({ name: `for ${step}` }) as AnyObjective;
const settle = () => new Promise((resolve) => setTimeout(resolve));

Deno.test("composeAhead: one after another, so many before they are asked for, none beyond the last", async () => {
  const stream = openStream();
  const ahead = composeAhead(stream, { from: 3, total: 6, most: 2, objectiveOf });
  await settle();
  expect(stream.asked).toEqual(["for 3"]);
  await stream.end({ epoch: 3 });
  await stream.end({ epoch: 4 });
  // Two wait.
  expect(stream.asked).toEqual(["for 3", "for 4"]);
  expect((await ahead.next()).epoch).toBe(3);
  await settle();
  expect(stream.asked).toEqual(["for 3", "for 4", "for 5"]);
  expect((await ahead.next()).epoch).toBe(4);
  await stream.end({ epoch: 5 });
  expect((await ahead.next()).epoch).toBe(5);
  expect(stream.asked.length).toBe(3);
});

Deno.test("composeAhead: a batch that fails does so when it is asked for; after stop none is begun", async () => {
  const stream = openStream();
  const ahead = composeAhead(stream, { from: 0, total: 9, most: 4, objectiveOf });
  await settle();
  await stream.end({ epoch: 0 });
  await stream.end(new RangeError("too few"));
  expect((await ahead.next()).epoch).toBe(0);
  await expect(ahead.next()).rejects.toThrow(RangeError);
  expect(stream.asked.length).toBe(2);

  const stopped = openStream();
  const other = composeAhead(stopped, { from: 0, total: 9, most: 4, objectiveOf });
  await settle();
  other.stop();
  await stopped.end({ epoch: 0 });
  expect(stopped.asked.length).toBe(1);
});

Deno.test("batchesAhead: several where pictures are small, one where they are not", () => {
  const of = (batch: number, size: number, rows = 1) =>
    batchesAhead(
      { batch, objectives: [{ composer: { rows } } as AnyObjective] },
      { preprocessing: { size } as Parameters<typeof batchesAhead>[1]["preprocessing"] },
    );
  // 48 · 3 · 224² · 4 bytes are 29 MB, of which 128 MiB hold four; of twice that, two.
  expect([of(48, 224), of(48, 224, 2), of(96, 224), of(800, 224), of(1, 8)]).toEqual([
    4,
    2,
    2,
    1,
    4,
  ]);
});
