import { expect } from "expect";
import { add, mul } from "../../../core/graph/elementwise.ts";
import { matmul, sum } from "../../../core/graph/linear.ts";
import { input } from "../../../core/graph/node.ts";
import { replaceTensors } from "../../../core/graph/replace_tensors.ts";
import { split } from "../../../core/graph/shape.ts";
import { topologicalOrder } from "../../../core/graph/topology.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";

Deno.test("replaceTensors: what depends on a tensor takes the other one, all else stays", async () => {
  const x = input("x", "float32", [2, 2]);
  const y = input("y", "float32", [2, 2]);
  const square = matmul(x, x);
  const [left, right] = split(square, [1, 1], 1);
  const apart = mul(y, 3);
  const total = add(sum(mul(left!, 10)), add(sum(right!), sum(apart)));
  const given = input("given", "float32", [2, 2]);
  const [changed, same] = replaceTensors([total, apart], new Map([[square, given]]));
  expect(same).toBe(apart);
  const inputs = topologicalOrder([changed!]).flatMap(({ inputName }) => inputName ?? []);
  expect(inputs.toSorted()).toEqual(["given", "y"]);
  const device = await openDevice("cpu");
  const program = await device.compile({ inputs: [given, y], outputs: { changed: changed! } });
  const upload = (...values: number[]) =>
    device.upload(Float32Array.from(values), [2, 2], "float32");
  const found = await program.run({ given: upload(1, 2, 3, 4), y: upload(1, 1, 1, 1) });
  // 10 · (1 + 3) + (2 + 4) + 3 · 4.
  expect([...await found.changed!.read()]).toEqual([58]);
  await program.dispose();
  await device.dispose();
});
