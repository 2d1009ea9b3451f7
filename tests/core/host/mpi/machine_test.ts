import { expect } from "expect";
import { ownSeat, parseProcessors, shareOf } from "../../../../core/host/mpi/machine.ts";

const seat = (machine: string, cores: readonly number[]) => ({
  machine,
  host: machine,
  cores,
  pid: 1,
});

Deno.test("parseProcessors: reads Linux's lists", () => {
  expect(parseProcessors("0-3,8")).toEqual([0, 1, 2, 3, 8]);
  expect(parseProcessors("5")).toEqual([5]);
});

Deno.test("shareOf: processes that may run anywhere on a machine divide its cores", () => {
  const eight = [0, 1, 2, 3, 4, 5, 6, 7];
  const seats = [seat("a", eight), seat("a", eight), seat("a", eight), seat("b", eight)];
  // 8 cores for three: 2 each, none waits for another.
  expect(shareOf(seats, 0)).toEqual({ onMachine: 3, cores: 8, threads: 2 });
  expect(shareOf(seats, 3)).toEqual({ onMachine: 1, cores: 8, threads: 8 });
});

Deno.test("shareOf: a process that the launcher has bound to cores has these", () => {
  const seats = [seat("a", [0, 1]), seat("a", [2, 3])];
  expect(shareOf(seats, 1)).toEqual({ onMachine: 2, cores: 2, threads: 2 });
  const crowded = [seat("a", [0]), seat("a", [0]), seat("a", [0])];
  expect(shareOf(crowded, 2)).toEqual({ onMachine: 3, cores: 1, threads: 1 });
});

Deno.test("ownSeat: tells processors that this process may run on", () => {
  const { cores, pid } = ownSeat();
  expect(pid).toBe(Deno.pid);
  expect(cores.length).toBeGreaterThan(0);
  expect(cores.length).toBeLessThanOrEqual(navigator.hardwareConcurrency);
  expect(new Set(cores).size).toBe(cores.length);
});
