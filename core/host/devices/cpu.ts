/**
 * The native CPU: ONNX Runtime's C interface through Deno's FFI. Tensors are JavaScript's own
 * arrays, which ONNX Runtime reads and writes where they stand.
 *
 * @module
 */
import { cpus } from "node:os";
import { forCpu } from "../../graph/cpu_forms.ts";
import { inForms } from "../../graph/rewrite.ts";
import { toModel } from "../../graph/to_model.ts";
import type { Device } from "../../device/device.ts";
import { createProgramCache } from "../../device/program_cache.ts";
import { checkHostArray } from "../../device/host_array.ts";
import { machineMemory } from "../machine_memory.ts";
import { loadApi } from "./native/api.ts";
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
 * The most parameters of a model between whose operators idle threads sleep. Others look out for
 * work: with AdamW a step of ViT-B/32's text tower (63 M) takes 5 % less so, with nothing beside it.
 * Steps of small models are so short that composing batches beside them takes as long, for which the
 * cores are wanted: `clic-tiny` (0.7 M) takes 12 % less where idle threads sleep. Both on two cores.
 */
const SMALL_MODEL = 2 ** 23;

/** What the native CPU takes of the machine, and for what. */
export interface CpuOptions extends Partial<EnvironmentOptions> {
  /** Processes that share the machine's memory with this one, itself included. Default: 1. */
  readonly processes?: number;
  /** The parameters of the model that is computed, asked for before the first tensor. Default: many. */
  readonly modelSize?: () => number | undefined;
}

/**
 * Opens the native CPU. Its threads start with the first tensor or program; devices that are open at
 * the same time share the first one's.
 *
 * @throws {Error} if there is no ONNX Runtime for this machine.
 */
export function openCpu(
  reason: string,
  { processes: sharing = 1, modelSize = () => undefined, ...options }: CpuOptions = {},
): Device {
  const api = loadApi();
  const processors = cpus();
  const memoryBytes = machineMemory().total / sharing;
  let started: { readonly environment: Environment; readonly pool: MemoryPool } | undefined;
  const start = () => {
    const spinning = (modelSize() ?? Infinity) > SMALL_MODEL;
    const environment = new Environment({ threads: 0, spinning, ...options }, api);
    return started = { environment, pool: new MemoryPool(environment, memoryBytes / 8) };
  };
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
      const { pool } = started ?? start();
      checkHostArray(data, shape, dtype);
      const tensor = new CpuTensor(dtype, shape, pool);
      tensor.write(data);
      return tensor;
    },
    zeros: (shape, dtype) => {
      checkOpen();
      const { pool } = started ?? start();
      const tensor = new CpuTensor(dtype, shape, pool);
      tensor.clear();
      return tensor;
    },
    programs,
    compile: async (signature, { inPlace = false } = {}) => {
      checkOpen();
      const { environment, pool } = started ?? start();
      const session = await Session.create(
        environment,
        toModel({ ...signature, outputs: inForms(signature.outputs, forCpu) }),
        inputNames(signature),
        Object.keys(signature.outputs),
        (options) => environment.set(options, "optimization.disable_specified_optimizers", FUSED),
      );
      return new CpuProgram(session, signature, inPlace, pool);
    },
    dispose: async () => {
      if (!open) return;
      open = false;
      await programs.dispose();
      started?.pool.clear();
      started?.environment.release();
    },
  };
}
