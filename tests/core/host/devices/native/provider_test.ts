import { expect } from "expect";
import { join } from "node:path";
import { Environment } from "../../../../../core/host/devices/native/environment.ts";
import { cudaProvider, webGpuProvider } from "../../../../../core/host/devices/native/provider.ts";
import { withFolder } from "../../../../helpers/with_folder.ts";
import { WITH_LOCK } from "../../../../helpers/with_lock.ts";

Deno.test("cudaProvider: a build without CUDA is refused, with the file that is missing and what to do", () => {
  const environment = new Environment({ threads: 1, spinning: false });
  const missing = Deno.build.os === "windows"
    ? "onnxruntime_providers_cuda.dll"
    : "libonnxruntime_providers_cuda.so";
  if (Deno.build.os === "darwin") {
    expect(() => cudaProvider.register(environment)).toThrow("device cuda: ONNX Runtime has none");
  } else {
    expect(() => cudaProvider.register(environment)).toThrow(missing);
    expect(() => cudaProvider.register(environment)).toThrow(
      "SYNTAGMA_ONNXRUNTIME names the library",
    );
  }
  environment.release();
});

Deno.test("cudaProvider: options of a session are refused where the build has no CUDA", () => {
  const environment = new Environment({ threads: 1, spinning: false });
  // Nothing is registered: ONNX Runtime itself says that it has no such provider.
  expect(() => cudaProvider.append(environment, 0n)).toThrow(/cuda/i);
  environment.release();
});

Deno.test("webGpuProvider: needs nothing beside the library", () => {
  const environment = new Environment({ threads: 1, spinning: false });
  webGpuProvider.register(environment);
  expect(webGpuProvider.kind).toBe("webgpu");
  environment.release();
});

/** `openDevice(kind)` in a process of its own, with a library named. */
async function open(kind: string, library: string): Promise<string> {
  const module = import.meta.resolve("../../../../../core/host/devices/open_device.ts");
  const code = `import { openDevice } from "${module}";
    try { await openDevice("${kind}"); } catch (error) { console.log(error.message); }`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", WITH_LOCK, "--ext=ts", code],
    env: { SYNTAGMA_ONNXRUNTIME: library },
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout);
}

Deno.test("libraryPath: SYNTAGMA_ONNXRUNTIME names the library; one that is none is told", async () => {
  await withFolder(async (folder) => {
    const none = join(folder, "libonnxruntime.so");
    expect(await open("cpu", none)).toContain(`SYNTAGMA_ONNXRUNTIME: ${none} is no library`);
    await Deno.writeTextFile(none, "not a library");
    expect(await open("cuda", none)).toContain(`SYNTAGMA_ONNXRUNTIME: ${none} is no library`);
  });
});
