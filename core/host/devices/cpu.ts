/**
 * The native CPU: ONNX Runtime's C interface through Deno's FFI. Tensors are JavaScript's own
 * arrays, which ONNX Runtime reads and writes where they stand.
 *
 * @module
 */
import { cpus } from "node:os";
import { forCpu } from "../../graph/cpu_forms.ts";
import { toModel } from "../../graph/to_model.ts";
import type { Device } from "../../device/device.ts";
import { createProgramCache } from "../../device/program_cache.ts";
import { checkHostArray } from "../../device/host_array.ts";
import { machineMemory } from "../machine_memory.ts";
import { Environment, type EnvironmentOptions } from "./native/environment.ts";
import { MemoryPool } from "./native/memory.ts";
import { CpuProgram, inputNames } from "./native/program.ts";
import { Session } from "./native/session.ts";
import { CpuTensor } from "./native/tensor.ts";

/**
 * The most values of a matrix at which products run at their full rate. ONNX Runtime goes through all
 * rows of one for each few columns of the other, which then no longer come from the cache: on an AMD
 * EPYC with 512 KB a core, 65 GFLOP/s at the 2,400 rows of 48 pictures of ViT-B/32, 80 at 800.
 */
const MATRIX_VALUES = 2_500_000;

/** ONNX Runtime would put transposes back into the products that they are kept apart from. */
const FUSED = "GemmTransposeFusion";

/**
 * Opens the native CPU. Devices that are open at the same time share the first one's threads.
 *
 * @throws {Error} if there is no ONNX Runtime for this machine.
 */
export function openCpu(
  reason: string,
  { processes: sharing = 1, ...options }: Partial<EnvironmentOptions> & {
    readonly processes?: number;
  } = {},
): Device {
  const environment = new Environment({
    threads: 0,
    // Idle threads look out for work: a text-tower step takes 2.4 s so and 2.7 s without
    // (bench/text_tower_bench.ts, nothing else running).
    spinning: true,
    ...options,
  });
  const processors = cpus();
  const memoryBytes = machineMemory().total / sharing;
  const pool = new MemoryPool(environment, memoryBytes / 8);
  const programs = createProgramCache();
  let open = true;
  const checkOpen = () => {
    if (!open) throw new Error("device: used after it was disposed");
  };
  return {
    kind: "cpu",
    description: `${processors[0]?.model.trim() ?? "CPU"}, ${processors.length} cores`,
    reason,
    // ONNX Runtime has no kernels of float16 there; it would compute in float32.
    halfPrecision: false,
    limits: { cores: processors.length, memoryBytes },
    matrixValues: MATRIX_VALUES,
    upload: (data, shape, dtype) => {
      checkOpen();
      checkHostArray(data, shape, dtype);
      const tensor = new CpuTensor(dtype, shape, pool);
      tensor.write(data);
      return tensor;
    },
    zeros: (shape, dtype) => {
      checkOpen();
      const tensor = new CpuTensor(dtype, shape, pool);
      tensor.clear();
      return tensor;
    },
    programs,
    compile: async (signature, { inPlace = false } = {}) => {
      checkOpen();
      const names = Object.keys(signature.outputs);
      const forms = forCpu(Object.values(signature.outputs));
      const outputs = Object.fromEntries(names.map((name, i) => [name, forms[i]!]));
      const session = await Session.create(
        environment,
        toModel({ ...signature, outputs }),
        inputNames(signature),
        names,
        (options) => environment.set(options, "optimization.disable_specified_optimizers", FUSED),
      );
      return new CpuProgram(session, signature, inPlace, pool);
    },
    dispose: async () => {
      if (!open) return;
      open = false;
      await programs.dispose();
      pool.clear();
      environment.release();
    },
  };
}
