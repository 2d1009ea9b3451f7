import { expect } from "expect";
import { compileTyped, mapTensors, readResults } from "../../../core/device/typed_program.ts";
import { add, mul } from "../../../core/graph/elementwise.ts";
import { input } from "../../../core/graph/node.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";

Deno.test("compileTyped: takes, gives and replaces tensors by their place in a structure", async () => {
  const device = await openDevice("cpu");
  const symbol = (name: string) => input(name, "float32", [2]);
  const inputs = { own: { a: symbol("a"), b: symbol("b") }, unused: symbol("unused") };
  const graph = {
    inputs,
    results: { sum: add(inputs.own.a, inputs.own.b), nothing: {}, terms: { a: inputs.own.a } },
    updates: { b: mul(inputs.own.b, 2) },
  };
  const program = await compileTyped(device, graph);
  const upload = (...values: number[]) => device.upload(Float32Array.from(values), [2], "float32");
  const [a, b] = [upload(1, 2), upload(10, 20)];
  // An input that nothing depends on is not looked at.
  const held = { own: { a, b }, unused: undefined! };
  const results = await readResults(await program.run(held, { b }));
  expect(results).toEqual({
    sum: Float32Array.of(11, 22),
    nothing: {},
    terms: { a: Float32Array.of(1, 2) },
  });
  expect(await b.read()).toEqual(Float32Array.of(20, 40));
  expect(await a.read()).toEqual(Float32Array.of(1, 2));
  a.dispose();
  b.dispose();
  await program.dispose();
  await device.dispose();
});

Deno.test("mapTensors: keeps the structure and leaves out what is not there", () => {
  const x = input("x", "float32", []);
  const y = input("y", "float32", []);
  const tree: { readonly deep: { readonly x: typeof x }; readonly gone?: typeof x | undefined } = {
    deep: { x },
    gone: undefined,
  };
  expect(mapTensors(tree, () => y)).toEqual({ deep: { x: y } });
  expect(mapTensors(tree, () => y).deep.x).toBe(y);
});
