import { expect } from "expect";
import { input } from "../../../core/graph/node.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { packMasks } from "../../../core/nn/pack_masks.ts";

Deno.test("packMasks: a row sees itself and those on the way to it", async () => {
  // A root with two branches, 0 → 1 and 0 → 2 → 3; beside it two roots with one row each, and two that
  // only fill up.
  const exits = input("exits", "float32", [2, 4]);
  const ends = input("ends", "int64", [4]);
  const device = await openDevice("cpu");
  const { mask, wantedMask } = packMasks({ exits, ends });
  const program = await device.compile({ inputs: [exits, ends], outputs: { mask, wantedMask } });
  const found = await program.run({
    exits: device.upload(Float32Array.of(4, 2, 4, 4, 1, 2, 3, 4), [2, 4], "float32"),
    ends: device.upload(BigInt64Array.of(1n, 3n, 4n, 5n), [4], "int64"),
  });
  const rows = [
    ...["x...", "xx..", "x.x.", "x.xx"],
    ...["x...", ".x..", "..x.", "...x"],
  ];
  const values = (rows: readonly string[]) =>
    rows.flatMap((row) => [...row].map((each) => each === "x" ? 0 : -Infinity));
  expect(found.mask!.shape).toEqual([2, 1, 4, 4]);
  expect([...await found.mask!.read()]).toEqual(values(rows));
  expect(found.wantedMask!.shape).toEqual([2, 1, 2, 4]);
  expect([...await found.wantedMask!.read()]).toEqual(
    values([rows[1]!, rows[3]!, rows[4]!, rows[5]!]),
  );
  await program.dispose();
  await device.dispose();
});
