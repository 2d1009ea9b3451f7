import { expect } from "expect";
import { openCuda } from "../../../../core/host/devices/gpu.ts";
import { hasNativeGpu, openNativeGpu, swiftShader } from "../../../helpers/native_gpu.ts";

const hasSwiftShader = await Deno.stat(swiftShader).then(() => true, () => false);

Deno.test("openCuda: says what is missing where there is no CUDA", async () => {
  await expect(openCuda("asked for")).rejects.toThrow("device cuda: ");
});

Deno.test({
  name: "openNativeWebGpu: says what it is and why",
  ignore: !await hasNativeGpu(),
  fn: async () => {
    const device = (await openNativeGpu())!;
    expect(device.kind).toBe("webgpu");
    expect(device.description).toBe("the driver of this process, by Dawn");
    expect(device.reason).toBe("for a test");
    expect(device.limits.memoryBytes).toBeGreaterThan(0);
    await device.dispose();
  },
});

Deno.test({
  name: "openNativeWebGpu: passes its tests on the software driver of chromium",
  // The driver is chosen by the environment, before the first adapter is asked for.
  ignore: !hasSwiftShader || Deno.env.get("VK_ICD_FILENAMES") === swiftShader,
  fn: async () => {
    const tests = ["./native/", "./gpu_test.ts", "../../graph/positions_test.ts"]
      .map((path) => new URL(path, import.meta.url).pathname);
    const { success, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "-A", "--no-check", ...tests],
      env: { VK_ICD_FILENAMES: swiftShader, NO_COLOR: "1" },
      stderr: "null",
    }).output();
    const output = new TextDecoder().decode(stdout);
    expect(success ? "passed" : output).toBe("passed");
    for (const name of ["GpuMemory", "GpuProgram", "GpuTensor", "openNativeWebGpu"]) {
      expect(output).toMatch(new RegExp(`${name}: .* ok`));
    }
  },
});
