import { expect } from "expect";
import { topologicalOrder } from "../../../../core/graph/topology.ts";
import { compileTyped, tensorsOf } from "../../../../core/device/typed_program.ts";
import { openDevice } from "../../../../core/host/devices/open_device.ts";
import type { ParameterSpec } from "../../../../core/model.ts";
import { adamw } from "../../../../core/training/optimizers/adamw.ts";
import { relativeDifference } from "../../../helpers/compare.ts";
import { updateGraph } from "../../../../core/training/step/update_graph.ts";

const part = "text";
const specs: readonly ParameterSpec[] = [
  { name: "weight", shape: [3, 2], part },
  { name: "bias", shape: [2], part },
  { name: "gain", shape: [5], part },
  { name: "other", shape: [2, 2], part },
  { name: "large", shape: [2 ** 15, 3], part },
  { name: "scale", shape: [], part: "logit_scale", limits: [0, 1.5] },
];
const optimizer = adamw({ lr: 0.1, weightDecay: 0.2 });
const groups = optimizer.groups(specs);
const numbers = groups.map((group) => group.scalars(0.1, 3));
const rule = { optimizer, scaled: true, average: { decay: 0.9 } };

/** New parameters, slots and averages. */
async function update(bundled: boolean): Promise<Readonly<Record<string, number[]>>> {
  const device = await openDevice("cpu");
  const graph = updateGraph(specs, groups, numbers, { ...rule, bundled });
  const program = await compileTyped(device, { ...graph, results: graph.updates, updates: {} });
  const hold = (tree: object): object =>
    Object.fromEntries(
      Object.entries(tree).map(([key, value]) => [
        key,
        "node" in value
          ? device.upload(
            Float32Array.from(
              { length: value.shape.reduce((a: number, b: number) => a * b, 1) },
              (_, i) => 0.1 + ((i * 7 + key.length * 3) % 11) / 7,
            ),
            value.shape,
            "float32",
          )
          : hold(value),
      ]),
    );
  const results = await program.run(hold(graph.inputs) as never, {});
  const values: Record<string, number[]> = {};
  const read = async (tree: object, path: string): Promise<void> => {
    for (const [key, value] of Object.entries(tree)) {
      if ("read" in value) values[`${path}/${key}`] = Array.from(await value.read(), Number);
      else await read(value, `${path}/${key}`);
    }
  };
  await read(results, "");
  await device.dispose();
  return values;
}

Deno.test("updateGraph: parameters that are updated together become what they become alone", async () => {
  const [together, alone] = [await update(true), await update(false)];
  expect(Object.keys(together).toSorted()).toEqual(Object.keys(alone).toSorted());
  for (const [name, values] of Object.entries(alone)) {
    expect([name, relativeDifference(together[name]!, values) < 1e-6]).toEqual([name, true]);
  }
});

Deno.test("updateGraph: a bundle holds small parameters of one group; large ones stand alone", () => {
  const count = (bundled: boolean) =>
    topologicalOrder(tensorsOf(updateGraph(specs, groups, numbers, { ...rule, bundled }).updates))
      .filter(({ op }) => op === "Sqrt").length;
  expect(count(false)).toBe(6);
  // weight and other; bias, gain and scale; large.
  expect(count(true)).toBe(3);
});
