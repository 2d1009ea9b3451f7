import { expect } from "expect";
import { describeDevice } from "../../../../core/device/describe_device.ts";
import { openCuda } from "../../../../core/host/devices/gpu.ts";
import { hasNativeGpu, openNativeGpu, swiftShader } from "../../../helpers/native_gpu.ts";
import { WITH_LOCK } from "../../../helpers/with_lock.ts";

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
    expect(describeDevice(device))
      .toBe("webgpu, the driver of this process, by Dawn (for a test)");
    // A tensor may be freed after its device.
    const tensor = device.upload(Float32Array.of(1, 2), [2], "float32");
    expect(await tensor.read()).toEqual(Float32Array.of(1, 2));
    await device.dispose();
    tensor.dispose();
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
      args: ["test", "-A", WITH_LOCK, "--no-check", ...tests],
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
