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

Deno.test("createPause: what other threads have done is taken up meanwhile, and soon", async () => {
  const pause = createPause(0);
  let isTakenUp = false;
  const asked = Deno.stat(".").then(() => isTakenUp = true);
  const from = performance.now();
  let turns = 0;
  for (; !isTakenUp && performance.now() - from < 5000; turns++) await pause();
  expect(isTakenUp).toBe(true);
  await asked;
  const spent = async (wait: () => Promise<void>) => {
    const from = performance.now();
    for (let i = 0; i < 100; i++) await wait();
    return performance.now() - from;
  };
  const timers = await spent(() => new Promise((resolve) => setTimeout(resolve, 0)));
  expect(await spent(pause)).toBeLessThan(timers / 2);
});
