import { expect } from "expect";
import { benchmarksAtHand } from "../../../../plugins/app/evaluate/benchmarks_at_hand.ts";
import { isFault } from "../../../../plugins/app/evaluate/is_fault.ts";
import { StorageError } from "../../../../core/host/storage/storage_error.ts";
import { cola } from "../../../../plugins/benchmarks/suites/cola.ts";
import { benchmarkContext } from "../../../helpers/benchmark_fixture.ts";

Deno.test("benchmarksAtHand: passes over those of a suite that lack data, and tells why", async () => {
  const context = benchmarkContext();
  const create = () => Promise.resolve(cola({ images: "/nowhere", annotations: "/nowhere.json" }));
  const asked = { name: "asked", create };
  const wished = { name: "wished", create, ifAtHand: true as const };
  // What was asked for by its name is scored, or fails.
  expect(await benchmarksAtHand([wished, asked], context)).toEqual([asked]);
  expect(context.lines).toHaveLength(1);
  expect(context.lines[0]).toMatch(/^wished is not at hand: .*nowhere\.json/);
  await expect(benchmarksAtHand([wished], context)).rejects.toThrow(
    new RangeError("expected data of at least one benchmark, found that of none"),
  );
  const broken = { ...wished, create: () => Promise.reject(new TypeError("x is no function")) };
  await expect(benchmarksAtHand([broken], context)).rejects.toThrow(TypeError);
});

Deno.test("isFault: the disk and this program, not what a benchmark refuses", () => {
  expect(isFault(new RangeError("expected a folder"))).toBe(false);
  expect(isFault(new SyntaxError("expected JSON"))).toBe(false);
  expect(isFault(new ReferenceError("x is not defined"))).toBe(true);
  expect(isFault(new StorageError("a", "no space left on the disk"))).toBe(true);
});
