import { expect } from "expect";
import {
  parseSafetensors,
  safetensorsBytes,
} from "../../../../core/host/storage/safetensors_bytes.ts";
import { makeHeader } from "../../../../core/host/storage/safetensors_layout.ts";
import { writeSafetensors } from "../../../../core/host/storage/safetensors_writer.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

const tensors = [
  { name: "b", dtype: "F32", shape: [2, 1], data: new Float32Array([1, -2]) },
  { name: "0", dtype: "U8", shape: [3], data: new Uint8Array([7, 8, 9]) },
  { name: "half", dtype: "F16", shape: [], data: new Uint16Array([0x3c00]) },
] as const;

Deno.test("safetensorsBytes: the bytes that stand in a file of the same tensors", () =>
  withFolder(async (folder) => {
    const path = `${folder}/x.safetensors`;
    await writeSafetensors(path, tensors, { format: "pt" });
    const bytes = safetensorsBytes("x", tensors, { format: "pt" });
    expect(bytes).toEqual(await Deno.readFile(path));
    expect(bytes.subarray(0, 8)).toEqual(makeHeader("x", tensors, { format: "pt" }).subarray(0, 8));
    expect(() => safetensorsBytes("x", [{ ...tensors[0], shape: [3] }]))
      .toThrow('x: tensor "b" of shape [3] needs 3 values, found 2');
  }));

Deno.test("parseSafetensors: gives back what was put in, also from the middle of a buffer", async () => {
  const bytes = safetensorsBytes("x", tensors, { format: "pt" });
  const padded = new Uint8Array(bytes.length + 3);
  padded.set(bytes, 3);
  const file = parseSafetensors("x", padded.subarray(3));
  expect(file.names).toEqual(["b", "0", "half"]);
  expect(file.metadata).toEqual({ format: "pt" });
  expect(await file.read("0")).toEqual(tensors[1].data);
  expect(await file.readFloat32("b")).toEqual(tensors[0].data);
  expect(await file.readFloat32("half")).toEqual(new Float32Array([1]));
});

Deno.test("parseSafetensors: what is cut short or something else is refused by name", () => {
  const bytes = safetensorsBytes("x", tensors);
  const found = `found ${bytes.length - 1}`;
  expect(() => parseSafetensors("x", bytes.slice(0, -1))).toThrow(
    `x: expected ${bytes.length} bytes, ${found}`,
  );
  expect(() => parseSafetensors("x", bytes.slice(0, 5))).toThrow("x: expected 8 bytes, found 5");
  expect(() => parseSafetensors("x", new TextEncoder().encode("no weights")))
    .toThrow("x: not a safetensors file");
});
