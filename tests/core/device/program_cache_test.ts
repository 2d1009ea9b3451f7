import { expect } from "expect";
import { createProgramCache } from "../../../core/device/program_cache.ts";

Deno.test("createProgramCache: compiles a key of its owners once, and forgets what failed", async () => {
  let compiled = 0;
  let disposed = 0;
  const compile = () => {
    compiled++;
    return Promise.resolve({
      dispose: () => {
        disposed++;
        return Promise.resolve();
      },
    });
  };
  const fail = () => Promise.reject(new TypeError("no"));
  const cache = createProgramCache();
  const [one, other] = [{}, {}];
  const [a, again] = await Promise.all([
    cache.get([one], "a", compile),
    cache.get([one], "a", compile),
    cache.get([one], "b", compile),
  ]);
  expect(again).toBe(a);
  expect(compiled).toBe(2);
  // Owners are told apart by identity, and by their order.
  await cache.get([other], "a", compile);
  await cache.get([one, other], "a", compile);
  await cache.get([other, one], "a", compile);
  await cache.get([other, one], "a", compile);
  expect(compiled).toBe(5);
  await expect(cache.get([one], "c", fail)).rejects.toThrow("no");
  await cache.get([one], "c", compile);
  expect(compiled).toBe(6);
  await expect(cache.get([one], "d", fail)).rejects.toThrow("no");
  // What failed has nothing to free and does not stop the others from being freed.
  await cache.dispose();
  expect(disposed).toBe(6);
});
