import { expect } from "expect";
import {
  parseSafetensors,
  safetensorsBytes,
} from "../../../core/host/storage/safetensors_bytes.ts";
import { readWeights } from "../../../plugins/clip/read_weights.ts";
import { tensorOf } from "../../../plugins/clip/tensor_of.ts";

const data = new Float32Array([1, -0.5]);
const file = (name: string, values: Float32Array<ArrayBuffer>, shape = [values.length]) =>
  parseSafetensors("w", safetensorsBytes("w", [{ name, dtype: "F32", shape, data: values }]));

Deno.test("readWeights: the values of the parameters, refused where they do not fit", async () => {
  const parameters = [{ name: "a", shape: [2], part: "text" as const }];
  expect((await readWeights(file("a", data), parameters)).get("a")).toEqual({ shape: [2], data });
  await expect(readWeights(file("b", data), parameters)).rejects.toThrow(
    'w: expected a tensor "a", found none',
  );
  await expect(readWeights(file("a", data, [1, 2]), parameters)).rejects.toThrow(
    'w: expected tensor "a" of shape [2], found [1, 2]',
  );
  await expect(readWeights(file("a", new Float32Array([1, NaN])), parameters)).rejects
    .toThrow('w: tensor "a"');
});

Deno.test("tensorOf: in the precision that the values have", async () => {
  expect(tensorOf("a", { shape: [2], data })).toEqual({
    name: "a",
    dtype: "F32",
    shape: [2],
    data,
  });
  const half = tensorOf("a", { shape: [2], data, dtype: "F16" });
  // 1 and -0.5 as halves.
  expect(await (half.data as () => unknown)()).toEqual(new Uint16Array([0x3c00, 0xb800]));
});
