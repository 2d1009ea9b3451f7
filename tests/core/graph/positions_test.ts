import { expect } from "expect";
import type { Device, DeviceKind } from "../../../core/device/device.ts";
import { cast } from "../../../core/graph/cast.ts";
import { add } from "../../../core/graph/elementwise.ts";
import { gather, scatterAdd } from "../../../core/graph/indexing.ts";
import { reshape } from "../../../core/graph/linear.ts";
import { constant, input } from "../../../core/graph/node.ts";
import { knownPositions, positionInputs } from "../../../core/graph/positions.ts";
import { argmax } from "../../../core/graph/reduce.ts";
import type { Tensor } from "../../../core/graph/tensor.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { findWebGpu } from "../../helpers/devices.ts";

const table = input("table", "float32", [3, 2]);
const ids = input("ids", "int64", [2]);
const real = input("real", "float32", [2]);
const values = Float32Array.of(1, 2, 3, 4, 5, 6);

/** What a program makes of positions. */
async function run(device: Device, y: Tensor, given: readonly number[]): Promise<number[]> {
  const program = await device.compile({ inputs: [table, ids, real], outputs: { y } });
  const inputs = {
    table: device.upload(values, [3, 2], "float32"),
    ids: device.upload(BigInt64Array.from(given, BigInt), [2], "int64"),
    real: device.upload(Float32Array.from(given), [2], "float32"),
  };
  try {
    const result = (await program.run(inputs)).y!;
    const found = [...await result.read() as Float32Array];
    result.dispose();
    return found;
  } finally {
    for (const tensor of Object.values(inputs)) tensor.dispose();
    await program.dispose();
  }
}

const added = (rows: Tensor) => scatterAdd(table, rows, constant([10, 20, 30, 40], [2, 2]));
const forms: Readonly<Record<string, (positions: Tensor) => Tensor>> = {
  "as they come": (y) => y,
  reshaped: (y) => reshape(reshape(y, [1, 2]), [2]),
  computed: (y) => add(y, constant([0, 0], [2], "int64")),
};

async function check(kind: DeviceKind): Promise<void> {
  const device = await openDevice(kind);
  for (const form of Object.values(forms)) {
    const positions = form(ids);
    expect(await run(device, gather(table, positions), [2, -3])).toEqual([5, 6, 1, 2]);
    expect(await run(device, added(positions), [0, 2])).toEqual([11, 22, 3, 4, 35, 46]);
    for (const wrong of [3, -4]) {
      await expect(run(device, gather(table, positions), [0, wrong])).rejects.toThrow();
      await expect(run(device, added(positions), [wrong, 0])).rejects.toThrow();
    }
  }
  const fixed = constant([0, 3], [2], "int64");
  await expect(run(device, gather(table, fixed), [0, 0])).rejects.toThrow();
  // The larger of each row's two, of a matrix of two rows.
  const largest = argmax(reshape(gather(table, ids), [2, 2]), 1);
  expect(await run(device, gather(table, largest), [0, 2])).toEqual([3, 4, 3, 4]);
  // Where the CPU raises, a GPU can only give NaN for what it has computed itself.
  const computed = cast(real, "int64");
  expect(await run(device, gather(table, computed), [2, -3])).toEqual([5, 6, 1, 2]);
  expect(await run(device, added(computed), [0, 2])).toEqual([11, 22, 3, 4, 35, 46]);
  for (const y of [gather(table, computed), added(computed)]) {
    const outcome = run(device, y, [1, 3]);
    if (kind === "webgpu") expect((await outcome).filter(Number.isNaN).length).toBe(2);
    else await expect(outcome).rejects.toThrow();
  }
  await device.dispose();
}

for (const kind of ["cpu", "wasm", "webgpu"] as const) {
  Deno.test({
    name: `gather, scatterAdd: no position outside of the axis is taken in silence on ${kind}`,
    ignore: kind === "webgpu" && !await findWebGpu(),
    fn: () => check(kind),
  });
}

Deno.test("positionInputs: tells which inputs are positions, and of what", () => {
  const found = gather(table, reshape(ids, [1, 2]));
  expect(positionInputs({ outputs: { found } })).toEqual([{
    name: "ids",
    length: 3,
    op: "Gather",
  }]);
  expect(knownPositions(add(ids, ids), 3)).toBeUndefined();
  expect(knownPositions(argmax(table, 1), 2)).toBeDefined();
  expect(knownPositions(argmax(table, 1), 1)).toBeUndefined();
});

Deno.test({
  name: "gather: a position outside of the axis is told with where it stands",
  ignore: !await findWebGpu(),
  fn: async () => {
    const device = await openDevice("webgpu");
    await expect(run(device, gather(table, ids), [0, 7])).rejects.toThrow(
      new RangeError("Gather: expected positions from -3 to 2 in ids, found 7"),
    );
    await device.dispose();
  },
});
