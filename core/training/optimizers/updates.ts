/**
 * The optimiser's programs: gradients in, new parameters out, all on the device.
 *
 * @module
 */
import { clip } from "../../graph/elementwise.ts";
import { input, sizeOf } from "../../graph/node.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { DualEncoder, ParameterSpec } from "../../model.ts";
import type { Optimizer } from "../../optimizer.ts";
import type { Device, DeviceTensor, Program } from "../../device/device.ts";
import type { DeviceParameters } from "../../towers/device_parameters.ts";

/** The optimiser's tensors: one map by parameter name for each of its slots. */
export type OptimizerSlots = ReadonlyMap<string, ReadonlyMap<string, DeviceTensor>>;

/** What {@linkcode createUpdates} needs. */
export interface UpdateOptions {
  /** Where the updates run. */
  readonly device: Device;
  /** Tells which parameter is the logit scale, which is kept within its limit. */
  readonly model: DualEncoder;
  /** The parameters that are updated. */
  readonly trained: readonly ParameterSpec[];
  /** Their values, which an update replaces. */
  readonly parameters: DeviceParameters;
  /** Their gradients by parameter name; zero after an update. */
  readonly gradients: ReadonlyMap<string, DeviceTensor>;
  /** The optimiser's tensors, which an update replaces. */
  readonly slots: OptimizerSlots;
  /** The update rule. */
  readonly optimizer: Optimizer;
}

/** Applies updates. */
export interface Updates {
  /**
   * One update of all trained parameters, after which the gradients are zero.
   *
   * @param step 1 for the first.
   */
  apply(lr: number, step: number): Promise<void>;
  /** Frees the programs. */
  dispose(): Promise<void>;
}

/** The logit scale stays in [1, 100]: its logarithm in [0, ln 100], as in CLIP and CLIC's code. */
const LOG_SCALE_LIMIT = Math.log(100);

/** Parameters of one program: bounds the memory of its intermediate results. */
const VALUES_A_PROGRAM = 2 ** 24;

/** Parameters whose numbers agree at these steps are taken to agree at all. */
const PROBES = [{ lr: 1, step: 1 }, { lr: 0.37, step: 5 }, { lr: 0.011, step: 1000 }];

/** Compiles the update of all trained parameters, a few at a time. */
export async function createUpdates(options: UpdateOptions): Promise<Updates> {
  const { trained, gradients } = options;
  const parts: Part[] = [];
  for (const specs of partition(trained)) parts.push(await compilePart(specs, options));
  return {
    apply: async (lr, step) => {
      for (const part of parts) await runPart(part, lr, step, options);
      for (const { name } of trained) gradients.get(name)!.clear();
    },
    dispose: async () => {
      for (const { program, scalars } of parts) {
        await program.dispose();
        for (const { tensor } of scalars) tensor.dispose();
      }
    },
  };
}

/** A number of the step that several parameters share. */
interface SharedScalar {
  readonly name: string;
  readonly scalar: string;
  readonly spec: ParameterSpec;
  readonly tensor: DeviceTensor;
}

interface Part {
  readonly program: Program;
  readonly scalars: readonly SharedScalar[];
  readonly inputs: Readonly<Record<string, DeviceTensor>>;
  readonly into: Readonly<Record<string, DeviceTensor>>;
}

async function compilePart(
  specs: readonly ParameterSpec[],
  { device, model, parameters, gradients, slots, optimizer }: UpdateOptions,
): Promise<Part> {
  const declared: Tensor[] = [];
  const outputs: Record<string, Tensor> = {};
  const inputs: Record<string, DeviceTensor> = {};
  const into: Record<string, DeviceTensor> = {};
  const scalars = new Map<string, SharedScalar & { readonly symbol: Tensor }>();
  const declare = (name: string, held: DeviceTensor) => {
    const tensor = input(name, "float32", held.shape);
    declared.push(tensor);
    inputs[name] = held;
    return tensor;
  };
  for (const spec of specs) {
    const { name } = spec;
    const symbols: Record<string, Tensor> = {};
    // Parameters whose numbers agree share an input: decayed ones, and those that are spared.
    const probes = PROBES.map(({ lr, step }) => optimizer.scalars(lr, step, spec));
    for (const scalar of Object.keys(probes[0]!)) {
      const key = [scalar, ...probes.map((probe) => probe[scalar])].join(" ");
      let shared = scalars.get(key);
      if (shared === undefined) {
        const tensor = device.zeros([], "float32");
        const label = `scalar:${scalars.size}`;
        shared = { name: label, scalar, spec, tensor, symbol: declare(label, tensor) };
        scalars.set(key, shared);
      }
      symbols[scalar] = shared.symbol;
    }
    const held = (slot: string) => slots.get(slot)!.get(name)!;
    const updated = optimizer.update({
      parameter: declare(`parameter:${name}`, parameters.get(name)!),
      gradient: declare(`gradient:${name}`, gradients.get(name)!),
      slots: Object.fromEntries(
        optimizer.slots.map((slot) => [slot, declare(`${slot}:${name}`, held(slot))]),
      ),
      scalars: symbols,
    });
    outputs[`new parameter:${name}`] = name === model.logitScale
      ? clip(updated.parameter, 0, LOG_SCALE_LIMIT)
      : updated.parameter;
    into[`new parameter:${name}`] = parameters.get(name)!;
    for (const slot of optimizer.slots) {
      outputs[`new ${slot}:${name}`] = updated.slots[slot]!;
      into[`new ${slot}:${name}`] = held(slot);
    }
  }
  const program = await device.compile({ inputs: declared, outputs }, { inPlace: true });
  return { program, scalars: [...scalars.values()], inputs, into };
}

async function runPart(
  { program, scalars, inputs, into }: Part,
  lr: number,
  step: number,
  { optimizer }: UpdateOptions,
): Promise<void> {
  for (const { scalar, spec, tensor } of scalars) {
    tensor.write(Float32Array.of(optimizer.scalars(lr, step, spec)[scalar]!));
  }
  await program.run(inputs, into);
}

function partition(specs: readonly ParameterSpec[]): ParameterSpec[][] {
  const parts: ParameterSpec[][] = [];
  let room = 0;
  for (const spec of specs) {
    const size = sizeOf(spec.shape);
    if (size > room) {
      parts.push([]);
      room = VALUES_A_PROGRAM;
    }
    parts.at(-1)!.push(spec);
    room -= size;
  }
  return parts;
}
