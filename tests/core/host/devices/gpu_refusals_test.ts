import { expect } from "expect";
import { findAdapter } from "../../../../core/host/devices/find_adapter.ts";
import { watchRefusals } from "../../../../core/host/devices/gpu_refusals.ts";

const adapter = await findAdapter();

Deno.test({
  name: "watchRefusals: tells once what the GPU refused, with the error or in place of results",
  ignore: adapter === undefined,
  fn: async () => {
    const gpu = await adapter!.requestDevice();
    const refusals = watchRefusals(gpu);
    refusals.check();
    const cause = new Error("it failed");
    expect(await refusals.explain(cause)).toBe(cause);
    const size = gpu.limits.maxBufferSize + 1;
    const ask = () => gpu.createBuffer({ size, usage: GPUBufferUsage.STORAGE });
    ask();
    const explained = await refusals.explain(cause) as Error;
    expect(explained.message).toMatch(new RegExp(`^it failed \\(WebGPU: .*${size}.*\\)$`));
    expect(explained.cause).toBe(cause);
    ask();
    await new Promise((done) => setTimeout(done));
    expect(() => refusals.check()).toThrow(`${size}`);
    refusals.check();
    gpu.destroy();
  },
});
