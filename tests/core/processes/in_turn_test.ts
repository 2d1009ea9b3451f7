import { expect } from "expect";
import { alone } from "../../../core/processes/exchange.ts";
import { inTurn } from "../../../core/processes/in_turn.ts";

Deno.test("inTurn: a call of several messages is done before the next begins, also where one fails", async () => {
  const done: string[] = [];
  const message = async (name: string) => {
    await new Promise((resolve) => setTimeout(resolve, name.startsWith("sum") ? 5 : 1));
    done.push(name);
  };
  const exchange = inTurn({
    ...alone,
    sum: async () => {
      await message("sum 1");
      await message("sum 2");
      throw new Error("no more");
    },
    gather: async (rows) => {
      await message("gather");
      return rows;
    },
    gatherNames: async (names) => {
      await message("names");
      return names;
    },
  });
  const settled = await Promise.allSettled([
    exchange.gatherNames(["a"]),
    exchange.sum([]),
    exchange.gather(Float32Array.of(1)),
    exchange.share([]),
  ]);
  expect(done).toEqual(["names", "sum 1", "sum 2", "gather"]);
  expect(settled.map(({ status }) => status))
    .toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
});
