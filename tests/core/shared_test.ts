import { expect } from "expect";
import { shared } from "../../core/shared.ts";

Deno.test("shared: is opened for the first, closed after the last, and opened again after that", async () => {
  const events: string[] = [];
  let opened = 0;
  const lease = shared(
    () => {
      events.push("open");
      return Promise.resolve(++opened);
    },
    (value) => {
      events.push(`close ${value}`);
    },
  );
  const [first, second] = await Promise.all([lease(), lease()]);
  expect([first.value, second.value]).toEqual([1, 1]);
  await first[Symbol.asyncDispose]();
  // A second time it says nothing: the other one still has it.
  await first[Symbol.asyncDispose]();
  expect(events).toEqual(["open"]);
  await second[Symbol.asyncDispose]();
  {
    await using third = await lease();
    expect(third.value).toBe(2);
  }
  expect(events).toEqual(["open", "close 1", "open", "close 2"]);
});

Deno.test("shared: is closed before it is opened again, and tried again where it failed", async () => {
  const events: string[] = [];
  let fails = true;
  const lease = shared(
    () => {
      events.push("open");
      return fails ? Promise.reject(new Error("no device")) : Promise.resolve("device");
    },
    async () => {
      await Promise.resolve();
      events.push("close");
    },
  );
  const both = await Promise.allSettled([lease(), lease()]);
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  fails = false;
  const first = await lease();
  const leaving = first[Symbol.asyncDispose]();
  const next = await lease();
  await leaving;
  expect(events).toEqual(["open", "open", "close", "open"]);
  await next[Symbol.asyncDispose]();
});
