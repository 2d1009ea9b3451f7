import { expect } from "expect";
import type { DeviceTensor } from "../../../../core/device/device.ts";
import type { TowerPart } from "../../../../core/towers/tower_part.ts";
import { createKeeper, roomFor } from "../../../../core/training/step/keeper.ts";

Deno.test("createKeeper: keeps as much as there is room for, and frees all else once", () => {
  const freed: string[] = [];
  const kept = (name: string) => {
    const tensor = { read: () => {}, dispose: () => freed.push(name) } as unknown as DeviceTensor;
    return { [name]: tensor };
  };
  const [a, b, c, d] = ["a", "b", "c", "d"].map((key) => ({ key }) as unknown as TowerPart);
  const keeper = createKeeper(10);
  keeper.put(a!, kept("a"), 6);
  keeper.put(b!, kept("b"), 5);
  expect([keeper.has(4), keeper.has(5)]).toEqual([true, false]);
  keeper.put(c!, kept("c"), 4);
  expect(freed).toEqual(["b"]);
  expect(keeper.take(b!)).toBeUndefined();
  expect(Object.keys(keeper.take(a!)!)).toEqual(["a"]);
  expect(keeper.take(a!)).toBeUndefined();
  // Its room is there again.
  keeper.put(d!, kept("d"), 6);
  expect(freed).toEqual(["b"]);
  keeper.clear();
  expect(freed.toSorted()).toEqual(["b", "c", "d"]);
  keeper.put(a!, kept("whole"), 10);
  expect(Object.keys(keeper.take(a!)!)).toEqual(["whole"]);
});

Deno.test("roomFor: the setting, else an eighth of a processor's memory", () => {
  const device = (limits: Record<string, number>) => ({ limits });
  expect(roomFor(1.5, device({ memoryBytes: 8 }))).toBe(1.5 * 2 ** 30);
  expect(roomFor(0, device({ memoryBytes: 8 }))).toBe(0);
  expect(roomFor(null, device({ memoryBytes: 16 * 2 ** 30 }))).toBe(2 * 2 ** 30);
  expect(roomFor(null, device({ maxBufferSize: 2 ** 30 }))).toBe(0);
});
