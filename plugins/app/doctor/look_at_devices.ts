import { add } from "../../../core/graph/elementwise.ts";
import { input } from "../../../core/graph/node.ts";
import type { Device } from "../../../core/device/device.ts";
import { adapterFacts, isFallback } from "../../../core/host/devices/adapter.ts";
import { findAdapter } from "../../../core/host/devices/find_adapter.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { importLater } from "../../../core/import_later.ts";
import { type Finding, reasonOf } from "./finding.ts";

/** Names a build of ONNX Runtime with CUDA. */
const LIBRARY = "SYNTAGMA_ONNXRUNTIME";

/**
 * The devices, each tried with a program of one addition, and which of them commands would take. That
 * of WebAssembly is not tried: its package is large, and fetched where nothing else computes.
 *
 * @param library What the variable `SYNTAGMA_ONNXRUNTIME` says.
 */
export async function lookAtDevices(library: string | undefined): Promise<readonly Finding[]> {
  const cpu = await look("cpu", () => openDevice("cpu"), {
    state: "fault",
    advice:
      "wasm computes in its place, several times slower; a C++ runtime library may be missing",
  });
  const { finding: webgpu, isGpu } = await lookAtWebGpu();
  const cuda: Finding = library === undefined || library === ""
    ? {
      ...{
        what: "cuda",
        state: "absent",
        found: `${LIBRARY} names no build of ONNX Runtime`,
      } as const,
      advice: "only for NVIDIA's GPUs; docs/architecture.md tells which file it names",
    }
    : await look("cuda", () => openDevice("cuda"), {
      state: "note",
      advice:
        `${LIBRARY} has to name libonnxruntime.so of a build with CUDA, its providers beside it`,
    });
  const chosen = isGpu ? "webgpu" : cpu.state === "ok" ? "cpu" : "wasm";
  return [
    cpu,
    webgpu,
    cuda,
    { what: "wasm", state: "absent", found: "not tried: taken where nothing else computes" },
    { what: "chosen", state: "ok", found: `${chosen}, unless --device names another` },
  ];
}

async function lookAtWebGpu(): Promise<{ finding: Finding; isGpu: boolean }> {
  const what = "webgpu";
  const adapter = await findAdapter().catch(() => undefined);
  if (adapter === undefined) {
    const advice =
      "a GPU needs its Vulkan driver; without one Debian's mesa-vulkan-drivers gives a " +
      "software adapter, which is slower than cpu";
    const found = "no adapter was found";
    return { finding: { what, state: "absent", found, advice }, isGpu: false };
  }
  const isGpu = !isFallback(adapter);
  const facts = adapterFacts(adapter);
  const { openNativeWebGpu } = await importLater<
    typeof import("../../../core/host/devices/gpu.ts")
  >("../../../core/host/devices/gpu.ts", import.meta.url);
  const native = await look(what, () => openNativeWebGpu(facts, "asked for"), {
    state: "note",
    advice:
      "onnxruntime-web computes in its place, with at most 4 GiB; a newer driver may be taken",
  });
  const finding = native.state === "ok" && !isGpu
    ? { ...native, advice: "it imitates a GPU on the processor: taken only by --device webgpu" }
    : {
      ...native,
      found: native.state === "ok" ? native.found : `${facts.description}: ${native.found}`,
    };
  return { finding, isGpu };
}

/** Opens a device and computes 1 + 1 on it. */
async function look(
  what: string,
  open: () => Promise<Device>,
  otherwise: Pick<Finding, "state"> & { readonly advice: string },
): Promise<Finding> {
  try {
    const device = await open();
    try {
      const sum = await addOnes(device);
      if (sum !== 2) throw new Error(`1 + 1 came to ${sum}`);
      return {
        what,
        state: "ok",
        found: `${device.description}${device.halfPrecision ? ", float16 too" : ""}`,
      };
    } finally {
      await device.dispose();
    }
  } catch (error) {
    return { what, found: reasonOf(error), ...otherwise };
  }
}

async function addOnes(device: Device): Promise<number> {
  const x = input("x", "float32", [1]);
  const program = await device.compile({ inputs: [x], outputs: { y: add(x, 1) } });
  const one = device.upload(Float32Array.of(1), [1], "float32");
  const { y } = await program.run({ x: one });
  const [sum] = await y!.read();
  for (const tensor of [one, y!]) tensor.dispose();
  await program.dispose();
  return Number(sum);
}
