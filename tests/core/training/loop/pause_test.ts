import { expect } from "expect";
import { createPause } from "../../../../core/training/loop/pause.ts";

Deno.test("createPause: other work has its turn where the time is up, and only there", async () => {
  let turns = 0;
  const wait = (milliseconds: number) => {
    const until = performance.now() + milliseconds;
    while (performance.now() < until);
  };
  const long = createPause(1e6);
  setTimeout(() => turns++, 0);
  wait(5);
  await long();
  expect(turns).toBe(0);
  const short = createPause(2);
  wait(5);
  await short();
  expect(turns).toBe(1);
});
