import { expect } from "expect";
import { withFewBuffers } from "../../../core/graph/few_buffers.ts";
import { neg } from "../../../core/graph/elementwise.ts";
import { input } from "../../../core/graph/node.ts";
import { concat, split } from "../../../core/graph/shape.ts";
import { topologicalOrder } from "../../../core/graph/topology.ts";
import type { Tensor } from "../../../core/graph/tensor.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";

const parts = Array.from({ length: 12 }, (_, i) => input(`part ${i}`, "float32", [2, i + 1]));
const whole = input("whole", "float32", [2, 78]);
const lengths = parts.map(({ shape }) => shape[1]!);

/** The most tensors that a node of the graph takes and gives. */
const mostOf = (outputs: readonly Tensor[], op: string) =>
  Math.max(
    ...topologicalOrder(outputs).filter((node) => node.op === op).map(({ inputs, outputs }) =>
      op === "Concat" ? inputs.length + 1 : outputs.length + 1
    ),
  );

Deno.test("withFewBuffers: no operator has more tensors than asked for", () => {
  for (const buffers of [3, 4, 8, 12]) {
    const joined = withFewBuffers(concat(parts, 1).node, buffers)!;
    expect(joined[0]!.shape).toEqual([2, 78]);
    expect(mostOf(joined, "Concat")).toBeLessThanOrEqual(buffers);
    const cut = withFewBuffers(split(whole, lengths, 1)[0]!.node, buffers)!;
    expect(cut.map(({ shape }) => shape)).toEqual(parts.map(({ shape }) => shape));
    expect(mostOf(cut, "Split")).toBeLessThanOrEqual(buffers);
  }
  expect(withFewBuffers(concat(parts, 1).node, 13)).toBeUndefined();
  expect(withFewBuffers(split(whole, lengths, 1)[0]!.node, 13)).toBeUndefined();
  expect(withFewBuffers(neg(whole).node, 3)).toBeUndefined();
});

Deno.test("withFewBuffers: gives what one join and one cut give", async () => {
  const device = await openDevice("cpu");
  const pieces = withFewBuffers(split(whole, lengths, 1)[0]!.node, 4)!;
  const [again] = withFewBuffers(concat(pieces, 1).node, 5)!;
  const program = await device.compile({ inputs: [whole], outputs: { again: again! } });
  const values = Float32Array.from({ length: 156 }, (_, i) => i);
  const given = device.upload(values, [2, 78], "float32");
  const { again: found } = await program.run({ whole: given });
  expect(await found!.read()).toEqual(values);
  for (const tensor of [given, found!]) tensor.dispose();
  await program.dispose();
  await device.dispose();
});
