import { expect } from "expect";
import { compileParted } from "../../../core/device/parted_program.ts";
import { add } from "../../../core/graph/elementwise.ts";
import { gather } from "../../../core/graph/indexing.ts";
import { constant, input } from "../../../core/graph/node.ts";
import type { Signature } from "../../../core/graph/to_model.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";

const table = input("table", "float32", [4, 1]);
const ends = input("ends", "int64", [2]);
const rows = add(ends, constant([0, 2], [2], "int64"));

Deno.test("compileParted: integers are computed by one, the rest by the other; positions are checked", async () => {
  const device = await openDevice("cpu");
  const asked: string[][] = [];
  const compiler = (who: string) => (signature: Signature) => {
    asked.push([who, ...Object.values(signature.outputs).map(({ dtype }) => dtype)]);
    return device.compile(signature);
  };
  const program = await compileParted(
    { inputs: [table, ends], outputs: { found: gather(table, rows), rows } },
    { host: compiler("host"), gpu: compiler("gpu") },
  );
  expect(asked).toEqual([["host", "int64"], ["gpu", "float32", "int64"]]);
  const values = device.upload(Float32Array.of(10, 11, 12, 13), [4, 1], "float32");
  const given = (a: bigint, b: bigint) => device.upload(BigInt64Array.of(a, b), [2], "int64");
  const right = given(1n, 1n);
  const results = await program.run({ table: values, ends: right });
  expect(await results.found!.read()).toEqual(Float32Array.of(11, 13));
  expect(await results.rows!.read()).toEqual(BigInt64Array.of(1n, 3n));
  const wrong = given(1n, 2n);
  await expect(program.run({ table: values, ends: wrong })).rejects.toThrow(
    "Gather: expected positions from -4 to 3 in what is made of ends (0), found 4",
  );
  await expect(program.run({ table: values })).rejects.toThrow('input "ends" is missing');
  for (const tensor of [...Object.values(results), values, right, wrong]) tensor.dispose();
  await program.dispose();
  await device.dispose();
});

Deno.test("compileParted: a constant outside of its axis is refused before anything is compiled", async () => {
  const never = () => Promise.reject(new Error("compiled"));
  const found = gather(table, constant([4], [1], "int64"));
  await expect(
    compileParted({ inputs: [table], outputs: { found } }, { host: never, gpu: never }),
  ).rejects.toThrow(
    new RangeError("Gather: expected positions from -4 to 3 in a constant, found 4"),
  );
});
