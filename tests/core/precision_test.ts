import { expect } from "expect";
import { checkPrecision } from "../../core/precision.ts";

Deno.test("checkPrecision: float16 asks for a device that computes in it", () => {
  const cpu = { kind: "cpu", description: "a processor", halfPrecision: false } as const;
  checkPrecision("float32", cpu);
  checkPrecision("float16", { kind: "webgpu", description: "a GPU", halfPrecision: true });
  expect(() => checkPrecision("float16", cpu)).toThrow(
    "precision: expected float32, or a device that computes in float16 (WebGPU with the feature " +
      "shader-f16, CUDA), found float16 and cpu (a processor)",
  );
});
