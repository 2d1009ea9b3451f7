import { expect } from "expect";
import fc from "fast-check";
import type { DataFault } from "../../../../core/dataset.ts";
import { alone, type Exchange } from "../../../../core/processes/exchange.ts";
import { type Batch, createBatchStream } from "../../../../core/training/loop/batches.ts";
import { countRepeats } from "../../../../core/training/loop/identity.ts";
import { wholeBatch } from "../../../../core/training/loop/whole_batch.ts";
import type { Loss } from "../../../../core/loss.ts";
import { objective } from "../../../../core/objective.ts";
import { contrastive } from "../../../../plugins/contrastive/contrastive.ts";
import { singleCaption } from "../../../../plugins/contrastive/single_caption.ts";
import { joinedExchanges } from "../../../helpers/joined_exchange.ts";
import { memoryDataSet } from "../../../helpers/memory_data_set.ts";
import { rowsOf } from "../../../helpers/rows_of.ts";
import { miniBatch, miniClip } from "../../../helpers/small_clip.ts";

const plain = objective("plain", singleCaption(), contrastive());
const model = miniClip(0);

/** The batches of a process, and what it hears of examples that are left out. */
async function batchesOf(
  exchange: Exchange,
  { length, batch, broken }: {
    readonly length: number;
    readonly batch: number;
    readonly broken: ReadonlySet<number>;
  },
) {
  const skips: DataFault[] = [];
  const data = memoryDataSet(Array.from({ length }, (_, i) => ({
    captions: [String(i)],
    picture: broken.has(i) ? null : { width: 8, height: 8, color: [i, i, i] as const },
  })));
  const stream = createBatchStream({
    ...{ data, model, batch, exchange },
    seed: 5,
    from: { epoch: 0, position: 0 },
    onSkip: (fault) => skips.push(fault),
  });
  const batches: Batch[] = [];
  for (let i = 0; i < 6; i++) batches.push(await stream.next(plain));
  return { batches, skips };
}

Deno.test("createBatchStream: the parts of several processes are the batches of one, whatever is left out", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 4 }),
      fc.uniqueArray(fc.nat(19), { maxLength: 12 }),
      async (batch, size, broken) => {
        const options = { length: 20, batch, broken: new Set(broken) };
        const one = await batchesOf(alone, options);
        const parts = await Promise.all(
          joinedExchanges(size).map((exchange) => batchesOf(exchange, options)),
        );
        for (const { skips } of parts) expect(skips).toEqual(one.skips);
        for (const [step, whole] of one.batches.entries()) {
          const own = parts.map(({ batches }) => batches[step]!);
          expect(own.flatMap(({ ids }) => ids)).toEqual(whole.ids);
          expect(own.flatMap(({ pixels }) => [...pixels])).toEqual([...whole.pixels]);
          for (const [rank, each] of own.entries()) {
            expect([each.epoch, each.next]).toEqual([whole.epoch, whole.next]);
            if (size === 1) continue;
            expect(each.whole!.ids).toEqual(whole.ids);
            expect(each.whole!.identity).toEqual(whole.identity);
            const before = own.slice(0, rank).reduce((sum, { ids }) => sum + ids.length, 0);
            expect(each.whole!.first).toBe(before);
          }
        }
      },
    ),
    { numRuns: 40 },
  );
});

Deno.test("wholeBatch: what is the same is known across processes", async () => {
  const batch = miniBatch(5, { caption: 1, negative: 2 }, 3);
  const [caption, negative] = batch.groups as [typeof batch.groups[0], typeof batch.groups[0]];
  // The last row's negative is the first row's caption, and it shows the same picture.
  const groups = [caption!, {
    ...negative!,
    tokens: negative!.tokens.with(9, caption!.tokens[0]!),
    present: negative!.present.with(9, 1),
  }];
  const shows = batch.identity.shows.with(4, batch.identity.shows[0]!);
  const repeated = { ...batch, groups, identity: { ...batch.identity, shows } };
  const parts = [rowsOf(repeated, 0, 2), rowsOf(repeated, 2, 5)];
  const found = await Promise.all(
    joinedExchanges(2).map((exchange, rank) => wholeBatch(parts[rank]!, exchange)),
  );
  for (const { identity } of found) {
    expect(identity.picture[4]).toBe(identity.picture[0]);
    expect(identity.text.negative![9]).toBe(identity.text.caption![0]);
    expect(countRepeats(identity).counts.picture).toBe(2);
  }
  expect(found.map(({ first }) => first)).toEqual([0, 2]);
});

Deno.test("createBatchStream: an example has one number, in every epoch and process, for a loss that asks for it", async () => {
  const data = memoryDataSet(
    Array.from({ length: 7 }, (_, i) => ({
      captions: [`caption ${i}`],
      // The third one cannot be decoded.
      picture: i === 2 ? null : { width: 8, height: 8, color: [i, i, i] as const },
    })),
  );
  const asking: Loss<"caption", never, "example"> = {
    name: "asking",
    options: {},
    needs: ["caption"],
    extras: ["example"],
    compute: () => {
      throw new Error("no step is made");
    },
    with: () => asking,
  };
  const of = objective("asking", singleCaption(), asking);
  const streamOf = async (exchange: Exchange) => {
    const stream = createBatchStream({
      ...{ data, model, batch: 4, exchange, seed: 5, onSkip: () => {} },
      from: { epoch: 0, position: 0 },
    });
    const batches: Batch[] = [];
    for (let i = 0; i < 6; i++) batches.push(await stream.next(of));
    return batches;
  };
  const one = await streamOf(alone);
  expect(new Set(one.map(({ epoch }) => epoch)).size).toBeGreaterThan(2);
  for (const { examples, groups } of one) {
    const captions = examples!.map((index) => data.record(index).captions[0]!);
    expect(groups[0]!.tokens).toEqual(
      captions.map((text) => model.tokenizer.encode(text, model.text.contextLength)),
    );
  }
  expect([...new Set(one.flatMap(({ examples }) => examples!))].toSorted())
    .toEqual([0, 1, 3, 4, 5, 6]);
  const parts = await Promise.all(joinedExchanges(2).map(streamOf));
  for (const [i, { examples }] of one.entries()) {
    expect(parts.flatMap((batches) => batches[i]!.examples!)).toEqual(examples);
    for (const batches of parts) expect(batches[i]!.whole!.examples).toEqual(examples);
  }
  // Nobody else is told.
  const { batches } = await batchesOf(alone, { length: 7, batch: 4, broken: new Set() });
  expect(batches[0]!.examples).toBeUndefined();
});

Deno.test("wholeBatch: numbers of examples are exact where a float32 is not", async () => {
  const batch = miniBatch(3, { caption: 1 }, 1);
  const first = 2 ** 24 + 1;
  const found = await Promise.all(
    joinedExchanges(2).map((exchange, rank) =>
      wholeBatch({ ...batch, examples: [first + 2 * rank, 5, 2 ** 40 + 1] }, exchange)
    ),
  );
  const expected = [first, 5, 2 ** 40 + 1, first + 2, 5, 2 ** 40 + 1];
  for (const { examples } of found) expect(examples).toEqual(expected);
});
