/**
 * The optimiser's programs: gradients in, new parameters out, all on the device.
 *
 * @module
 */
import { add, square } from "../../graph/elementwise.ts";
import { sum } from "../../graph/linear.ts";
import { input, sizeOf } from "../../graph/node.ts";
import type { ParameterSpec } from "../../model.ts";
import type { Optimizer, ParameterGroup } from "../../optimizer.ts";
import type { Recipe } from "../../recipe.ts";
import type { Device, DeviceTensor } from "../../device/device.ts";
import { compileTyped, readResults } from "../../device/typed_program.ts";
import type { DeviceParameters } from "../../towers/device_parameters.ts";
import { alone, type Exchange, type Placed } from "../../processes/exchange.ts";
import { placesOf } from "../../processes/places.ts";
import type { LossScale } from "./loss_scale.ts";
import { type Numbers, updateGraph } from "./update_graph.ts";

/** The optimiser's tensors: one map by parameter name for each of its slots. */
export type OptimizerSlots = ReadonlyMap<string, ReadonlyMap<string, DeviceTensor>>;

/** What {@linkcode createUpdates} needs. */
export interface UpdateOptions {
  /** Where the updates run. */
  readonly device: Device;
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
  /** The running averages of the parameters, which an update moves on. Default: there are none. */
  readonly averages?: ReadonlyMap<string, DeviceTensor> | undefined;
  /** How much of an average an update keeps. */
  readonly average?: Recipe["average"];
  /** The largest norm of all gradients together. Default: any. */
  readonly clipNorm?: number | null;
  /** What the loss was multiplied by; an overflow of float16 leaves the update out. */
  readonly lossScale?: LossScale | undefined;
  /** The processes that make the same update. Default: this one is alone. */
  readonly exchange?: Exchange;
  /** Given where each process updates its own parameters and gets the others' values from them. */
  readonly parted?: { readonly rank: number } | undefined;
}

/** What an update has to tell. */
export interface UpdateRecord {
  /** The norm of all gradients together, before it was clipped; where clipping is asked for. */
  readonly gradientNorm?: number;
  /** What the loss was multiplied by, where towers compute in float16. */
  readonly lossScale?: number;
  /** Whether the gradient overflowed float16, so that nothing was changed. */
  readonly leftOut?: boolean;
}

/** Applies updates. */
export interface Updates {
  /**
   * One update of all trained parameters, after which the gradients are zero.
   *
   * @param step 1 for the first.
   * @throws {RangeError} if the norm is asked for and not finite in float32; nothing is changed then.
   */
  apply(lr: number, step: number): Promise<UpdateRecord>;
  /** Frees the numbers of the step. */
  dispose(): void;
}

/** Parameters of one program: bounds the memory of its intermediate results. */
const VALUES_A_PROGRAM = 2 ** 24;

/** Compiles the update of all trained parameters, a few at a time. */
export async function createUpdates(options: UpdateOptions): Promise<Updates> {
  const { device, trained, gradients, optimizer, averages, average = null, clipNorm = null } =
    options;
  const { lossScale, exchange = alone, parted } = options;
  const groups = optimizer.groups(trained);
  const numbers = groups.map((group) => createNumbers(device, group));
  const held = {
    parameters: Object.fromEntries(options.parameters),
    gradients: Object.fromEntries(gradients),
    slots: Object.fromEntries(
      [...options.slots].map(([slot, tensors]) => [slot, Object.fromEntries(tensors)]),
    ),
    averages: Object.fromEntries(averages ?? []),
    numbers,
  };
  const isScaled = clipNorm !== null || lossScale !== undefined;
  const scale = isScaled ? device.zeros([], "float32") : undefined;
  const bundled = device.kind === "webgpu" || device.kind === "cuda";
  const rule = { optimizer, scaled: isScaled, average, bundled };
  const places = placesOf(trained, exchange.size);
  // The same parts whoever makes their updates, so that norms are added up in one way.
  const all = partition(trained, places);
  const parts = parted === undefined ? all : all.filter(({ at }) => at === parted.rank);
  const norms = scale === undefined ? [] : await compileNorms(device, trained, parts);
  const programs = await Promise.all(
    parts.map(({ specs, key }) =>
      device.programs.get(
        [optimizer, trained],
        `update ${key} ${JSON.stringify(average)} ${isScaled}`,
        () => compileTyped(device, updateGraph(specs, groups, numbers, rule), { inPlace: true }),
      )
    ),
  );
  const placed = [options.parameters, averages ?? new Map<string, DeviceTensor>()]
    .flatMap((tensors) =>
      trained.flatMap(({ name }): readonly Placed[] => {
        const tensor = tensors.get(name);
        return tensor === undefined ? [] : [{ tensor, at: places.get(name)! }];
      })
    );
  /** The norm of all gradients together, as they are summed. */
  const sumNorm = async () => {
    // All are asked for before the first is read: a GPU then is waited for once.
    const results = [];
    for (const program of norms) results.push(await program.run({ gradients: held.gradients }, {}));
    const read = await Promise.all(results.map(readResults));
    const own = Float32Array.from(read, ({ squares }) => squares[0]!);
    const squares = parted === undefined ? own : await exchange.gather(own);
    return Math.sqrt(squares.reduce((a, b) => a + b, 0));
  };
  const clear = () => trained.forEach(({ name }) => gradients.get(name)!.clear());
  /** The update, by numbers of which the first ones are those of update 1. */
  const update = async (lr: number, number: number) => {
    groups.forEach((group, i) => {
      for (const [name, value] of Object.entries(group.scalars(lr, number))) {
        numbers[i]![name]!.write(Float32Array.of(value));
      }
    });
    const inputs = { ...held, scale: scale === undefined ? {} : { scale } };
    for (const program of programs) await program.run(inputs, held);
    if (parted !== undefined) await exchange.share(placed);
    clear();
  };
  const updateScaled = async (scale: DeviceTensor, lr: number, step: number) => {
    const by = lossScale?.value() ?? 1;
    const norm = await sumNorm() / by;
    if (!Number.isFinite(norm)) {
      if (lossScale === undefined) {
        throw new RangeError(
          `step ${step}: the norm of the gradient is ${norm}, expected a finite one; the parameters ` +
            "were left as they were before it",
        );
      }
      lossScale.fail();
      clear();
      return { lossScale: by, leftOut: true };
    }
    // As torch.nn.utils.clip_grad_norm_, which keeps its distance from a norm of 0.
    const clip = clipNorm === null ? 1 : Math.min(1, clipNorm / (norm + 1e-6));
    scale.write(Float32Array.of(clip / by));
    await update(lr, step - (lossScale?.leftOut() ?? 0));
    lossScale?.succeed();
    return {
      ...(clipNorm === null ? {} : { gradientNorm: norm }),
      ...(lossScale === undefined ? {} : { lossScale: by }),
    };
  };
  return {
    apply: async (lr, step) => {
      if (scale !== undefined) return await updateScaled(scale, lr, step);
      await update(lr, step);
      return {};
    },
    dispose: () => {
      scale?.dispose();
      for (const each of numbers) Object.values(each).forEach((tensor) => tensor.dispose());
    },
  };
}

function createNumbers(device: Device, group: ParameterGroup): Numbers<DeviceTensor> {
  const names = Object.keys(group.scalars(0, 1));
  return Object.fromEntries(names.map((name) => [name, device.zeros([], "float32")]));
}

/** Programs of the sums of squares of all gradients, a few parameters at a time. */
function compileNorms(
  device: Device,
  trained: readonly ParameterSpec[],
  parts: readonly UpdatePart[],
) {
  return Promise.all(
    parts.map(({ specs, key }) =>
      device.programs.get([trained], `norm ${key}`, () => {
        const gradients = Object.fromEntries(
          specs.map(({ name, shape }) => [name, input(`gradient of ${name}`, "float32", shape)]),
        );
        const squares = Object.values(gradients).map((each) => sum(square(each))).reduce(add);
        return compileTyped(device, { inputs: { gradients }, results: { squares }, updates: {} });
      })
    ),
  );
}

/** Parameters that one program updates. */
interface UpdatePart {
  readonly specs: readonly ParameterSpec[];
  /** The process whose they are. */
  readonly at: number;
  /** Tells it from the others of all divisions. */
  readonly key: string;
}

/** The parts of the first process, then those of the next. */
function partition(
  trained: readonly ParameterSpec[],
  places: ReadonlyMap<string, number>,
): readonly UpdatePart[] {
  const size = 1 + Math.max(0, ...places.values());
  const parts: (UpdatePart & { readonly specs: ParameterSpec[] })[] = [];
  for (let at = 0; at < size; at++) {
    let room = 0;
    for (const spec of trained.filter(({ name }) => places.get(name) === at)) {
      const values = sizeOf(spec.shape);
      if (values > room) {
        parts.push({ specs: [], at, key: `${parts.length} of ${size}` });
        room = VALUES_A_PROGRAM;
      }
      parts.at(-1)!.specs.push(spec);
      room -= values;
    }
  }
  return parts;
}
