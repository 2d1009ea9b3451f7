import { expect } from "expect";
import { aloneProcess } from "../../../../core/processes/processes.ts";
import { alone } from "../../../../core/processes/exchange.ts";
import type { HostProcesses } from "../../../../core/host/mpi/open_processes.ts";
import { pictureWorkers, sharedWork } from "../../../../plugins/app/cli/shared_work.ts";
import { processWorld, type World } from "../../../../plugins/app/cli/world.ts";
import { createSink } from "../../../helpers/text_sink.ts";

/** A world with two processes, of which this is one, and what is heard of them. */
function shared(rank: number) {
  const heard: string[] = [];
  const sink = createSink();
  const processes: HostProcesses = {
    ...aloneProcess,
    exchange: { ...alone, rank, size: 2 },
    threads: 3,
    description: ["2 processes"],
    fail: (message) => {
      heard.push(`failed: ${message}`);
      throw new Error("ended");
    },
    close: () => {
      heard.push("closed");
      return Promise.resolve();
    },
  };
  const world: World = {
    ...processWorld(),
    stderr: sink,
    openProcesses: () => Promise.resolve(processes),
  };
  return { heard, sink, world };
}

Deno.test("sharedWork: opens the processes, tells of them once, and closes them", async () => {
  const first = shared(0);
  expect(await sharedWork(first.world, ({ exchange }) => Promise.resolve(exchange.size))).toBe(2);
  expect([first.heard, first.sink.text()]).toEqual([["closed"], "2 processes\n"]);
  const second = shared(1);
  expect(await sharedWork(second.world, () => Promise.resolve(130))).toBe(130);
  expect([second.heard, second.sink.text()]).toEqual([["closed"], ""]);
});

Deno.test("sharedWork: an error in one process ends all of them", async () => {
  const { heard, world } = shared(1);
  const work = sharedWork(world, () => Promise.reject(new RangeError("batch: too small")));
  await expect(work).rejects.toThrow("ended");
  expect(heard).toEqual(["failed: batch: too small"]);
});

Deno.test("sharedWork: a process alone has no others, and its error is its own", async () => {
  const world = { ...processWorld(), openProcesses: () => Promise.resolve(undefined) };
  expect(await sharedWork(world, ({ exchange }) => Promise.resolve(exchange.size))).toBe(1);
  const work = sharedWork(world, () => Promise.reject(new RangeError("batch: too small")));
  await expect(work).rejects.toThrow("batch: too small");
});

Deno.test("pictureWorkers: follow the threads of a process that has neighbours", () => {
  const { exchange } = aloneProcess;
  expect(pictureWorkers(aloneProcess)).toEqual({});
  const of = (threads: number) =>
    pictureWorkers({ ...aloneProcess, exchange: { ...exchange, size: 2 }, threads }).workers;
  expect([1, 2, 5, 64].map(of)).toEqual([1, 1, 4, 8]);
});
