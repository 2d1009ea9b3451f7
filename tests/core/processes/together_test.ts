import { expect } from "expect";
import { EmbeddingError } from "../../../core/embedding_error.ts";
import { PictureError } from "../../../core/images/picture_error.ts";
import { alone } from "../../../core/processes/exchange.ts";
import { aloneProcess } from "../../../core/processes/processes.ts";
import {
  anyOf,
  fromFirst,
  isStop,
  PartedError,
  throwIfStopped,
  together,
  unlessStopped,
} from "../../../core/processes/together.ts";
import { joinedExchanges } from "../../helpers/joined_exchange.ts";

/** What comes of the parts of three processes. */
function outcomes(part: (rank: number) => Promise<string>, what = (_: number) => "work") {
  return Promise.allSettled(
    joinedExchanges(3).map((exchange, rank) => together(exchange, what(rank), () => part(rank))),
  );
}

const reasons = (settled: readonly PromiseSettledResult<unknown>[]) =>
  settled.map((each) => each.status === "rejected" ? each.reason : undefined);

Deno.test("together: each process has what its part gives", async () => {
  const found = await outcomes((rank) => Promise.resolve(`part ${rank}`));
  expect(found.map((each) => each.status === "fulfilled" && each.value))
    .toEqual(["part 0", "part 1", "part 2"]);
});

Deno.test("together: what fails in one process fails in all, as what it is", async () => {
  const fails = async (error: Error) =>
    reasons(await outcomes((rank) => rank === 1 ? Promise.reject(error) : Promise.resolve("")));
  const image = await fails(new PictureError("a.jpg", "cannot be read"));
  for (const error of image) {
    expect(error).toBeInstanceOf(PictureError);
    expect([error.where, error.reason]).toEqual(["a.jpg", "cannot be read"]);
  }
  const embedding = await fails(new EmbeddingError("image tower", 3, "has length 0", "b.jpg"));
  for (const error of embedding) {
    expect(error).toBeInstanceOf(EmbeddingError);
    expect(error.message).toBe(embedding[1].message);
    expect([error.row, error.from]).toEqual([3, "image tower"]);
  }
  const stopped = await fails(new DOMException("", "AbortError"));
  expect(stopped.map((error) => isStop(error, undefined))).toEqual([true, true, true]);
  const other = await fails(new RangeError("too few"));
  expect(other.map(({ message }) => message))
    .toEqual(["process 1: too few", "too few", "process 1: too few"]);
});

Deno.test("together: processes at different work are told so, with what went wrong before", async () => {
  const found = reasons(
    await outcomes(
      (rank) => rank === 2 ? Promise.reject(new Error("no file")) : Promise.resolve(""),
      (rank) => rank === 2 ? "benchmark" : "pictures",
    ),
  );
  for (const error of found) {
    expect(error).toBeInstanceOf(PartedError);
    expect(error.message).toBe(
      "the processes are not at the same work; process 0: pictures, process 1: pictures, " +
        "process 2: benchmark (no file)",
    );
  }
});

Deno.test("fromFirst: all know what the first process knows, and fail as it does", async () => {
  const asked: number[] = [];
  const ask = (know: () => Promise<unknown>) =>
    Promise.allSettled(
      joinedExchanges(2).map((exchange, rank) =>
        fromFirst(exchange, () => {
          asked.push(rank);
          return know();
        })
      ),
    );
  const known = await ask(() => Promise.resolve({ step: 3 }));
  expect(known.map((each) => each.status === "fulfilled" && each.value))
    .toEqual([{ step: 3 }, { step: 3 }]);
  const nothing = await ask(() => Promise.resolve(undefined));
  expect(nothing.map((each) => each.status === "fulfilled" && each.value === undefined))
    .toEqual([true, true]);
  const failed = reasons(await ask(() => Promise.reject(new RangeError("no folder"))));
  expect(failed.map(({ message }) => message)).toEqual(["no folder", "process 0: no folder"]);
  expect(asked).toEqual([0, 0, 0]);
});

Deno.test("anyOf, throwIfStopped: one process is enough", async () => {
  const [a, b] = joinedExchanges(2) as [typeof alone, typeof alone];
  expect(await Promise.all([anyOf(a, false), anyOf(b, true)])).toEqual([true, true]);
  expect(await Promise.all([anyOf(a, false), anyOf(b, false)])).toEqual([false, false]);
  const stopped = AbortSignal.abort();
  const found = reasons(
    await Promise.allSettled([throwIfStopped(a, undefined), throwIfStopped(b, stopped)]),
  );
  expect(found.map((error) => isStop(error, undefined))).toEqual([true, true]);
  expect(found[1]).toBe(stopped.reason);
});

Deno.test("aloneProcess: a process alone asks nobody", async () => {
  expect(await together(alone, "work", () => Promise.resolve(7))).toBe(7);
  expect(await fromFirst(aloneProcess.exchange, () => Promise.resolve(7))).toBe(7);
  expect(await anyOf(aloneProcess.beside, true)).toBe(true);
});

Deno.test("unlessStopped: gives up in silence where it was asked to, and nowhere else", async () => {
  const stopped = AbortSignal.abort(new RangeError("asked to"));
  const throws = (error: Error) => () => Promise.reject(error);
  expect(await unlessStopped(() => Promise.resolve(7), stopped)).toBe(7);
  expect(await unlessStopped(throws(stopped.reason), stopped)).toBeUndefined();
  expect(await unlessStopped(throws(new DOMException("", "AbortError")), undefined))
    .toBeUndefined();
  const own = new RangeError("asked to");
  await expect(unlessStopped(throws(own), stopped)).rejects.toBe(own);
});
