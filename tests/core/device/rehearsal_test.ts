import { sum } from "../../../core/graph/linear.ts";
import { expect } from "expect";
import { add, mul } from "../../../core/graph/elementwise.ts";
import { input } from "../../../core/graph/node.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import type { Device, DeviceTensor } from "../../../core/device/device.ts";
import { rehearse } from "../../../core/device/rehearsal.ts";

Deno.test("rehearse: a program runs twice; then its last results come again and its time is counted", async () => {
  const device = rehearse(await openDevice("cpu"));
  const x = input("x", "float32", [3]);
  const total = input("total", "float32", []);
  const program = await device.compile({
    inputs: [x, total],
    outputs: { double: mul(x, 2), next: add(total, sum(x)) },
  });
  const running = device.zeros([], "float32");
  const doubled: number[][] = [];
  for (let run = 1; run <= 5; run++) {
    const values = device.upload(Float32Array.of(run, 0, run), [3], "float32");
    const { double } = await program.run({ x: values, total: running }, { next: running });
    doubled.push([...await double!.read() as Float32Array]);
    values.dispose();
    double!.dispose();
  }
  // The third run and those after it give what the second gave.
  expect(doubled).toEqual([[2, 0, 2], [4, 0, 4], [4, 0, 4], [4, 0, 4], [4, 0, 4]]);
  // 2 · 1 + 2 · 2: sums do not grow in runs that are left out.
  expect([...await running.read() as Float32Array]).toEqual([6]);
  expect(device.runs()).toEqual({ made: 2, leftOut: 3 });
  expect(device.leftOutSeconds()).toBeGreaterThan(0);
  running.dispose();
  await program.dispose();
  await device.dispose();
});

Deno.test("rehearse: what is left out is counted at the time of the last real run", async () => {
  const plain = await openDevice("cpu");
  // A program that takes a known time: 20 ms, whatever it computes.
  const device = rehearse({
    ...plain,
    compile: async (signature, options) => {
      const program = await plain.compile(signature, options);
      return {
        dispose: () => program.dispose(),
        run: async (inputs, into) => {
          await new Promise((resolve) => setTimeout(resolve, 20));
          return await program.run(inputs, into);
        },
      };
    },
  });
  const x = input("x", "float32", []);
  const program = await device.compile({ inputs: [x], outputs: { y: add(x, 1) } });
  const one = device.upload(Float32Array.of(1), [], "float32");
  for (let run = 0; run < 12; run++) (await program.run({ x: one })).y!.dispose();
  const { made, leftOut } = device.runs();
  expect({ made, leftOut }).toEqual({ made: 2, leftOut: 10 });
  expect(device.leftOutSeconds()).toBeGreaterThanOrEqual(0.19);
  one.dispose();
  await program.dispose();
  await plain.dispose();
});

Deno.test("rehearse: tells of every run, with the bytes that its results take", async () => {
  const heard: (number | "after")[] = [];
  const device = rehearse(await openDevice("cpu"), {
    before: (bytes) => heard.push(bytes),
    after: () => heard.push("after"),
  });
  const x = input("x", "float32", [3]);
  const total = input("total", "float32", []);
  const outputs = { double: mul(x, 2), next: add(total, sum(x)) };
  const values = device.upload(Float32Array.of(1, 2, 3), [3], "float32");
  const running = device.zeros([], "float32");
  for (const inPlace of [true, false]) {
    const program = await device.compile({ inputs: [x, total], outputs }, { inPlace });
    for (let run = 1; run <= 3; run++) {
      (await program.run({ x: values, total: running }, { next: running })).double!.dispose();
    }
    await program.dispose();
  }
  // Three numbers, and one more where the sum is not written in its own place; the third is left out.
  const runs = (bytes: number) => [bytes, "after", bytes, "after", bytes];
  expect(heard).toEqual([...runs(12), ...runs(16)]);
  values.dispose();
  running.dispose();
  await device.dispose();
});

Deno.test("rehearse: results of a run left out take memory where a program that is made asks for them", async () => {
  const heard: (readonly [what: string, bytes: number])[] = [];
  let uploads = 0;
  const plain = await openDevice("cpu");
  const counting: Device = {
    ...plain,
    upload: (...values) => {
      uploads++;
      return plain.upload(...values);
    },
  };
  const device = rehearse(counting, {
    before: (bytes) => heard.push(["before", bytes]),
    after: (bytes) => heard.push(["after", bytes]),
  });
  const x = input("x", "float32", [3]);
  const double = await device.compile({ inputs: [x], outputs: { y: mul(x, 2) } });
  const square = await device.compile({ inputs: [x], outputs: { y: mul(x, x) } });
  const values = plain.upload(Float32Array.of(1, 2, 3), [3], "float32");
  for (let run = 0; run < 2; run++) (await double.run({ x: values })).y!.dispose();
  const { y } = await double.run({ x: values }) as { readonly y: DeviceTensor };
  const { y: unused } = await double.run({ x: values }) as { readonly y: DeviceTensor };
  expect(uploads).toBe(0);
  expect([...await y.read() as Float32Array]).toEqual([2, 4, 6]);
  const { y: squared } = await square.run({ x: y }) as { readonly y: DeviceTensor };
  expect([...await squared.read() as Float32Array]).toEqual([4, 16, 36]);
  expect(uploads).toBe(1);
  // Three numbers of 4 bytes each: those of one run, and of two more that nothing was done with; one of
  // them is the square's, and has memory of its own then.
  expect(heard.slice(4)).toEqual([["before", 12], ["before", 24], ["before", 36], ["after", 12]]);
  for (const tensor of [y, unused, squared, values]) tensor.dispose();
  await Promise.all([double.dispose(), square.dispose()]);
  await plain.dispose();
});
