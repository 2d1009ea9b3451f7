/**
 * Programs by structure: what a graph takes and gives is written as objects of symbolic tensors, and
 * a run takes and gives objects of the same form. Names on the device are made here and nowhere else.
 *
 * @module
 */
import type { Tensor } from "../graph/tensor.ts";
import { topologicalOrder } from "../graph/topology.ts";
import type { Device, DeviceTensor } from "./device.ts";

/** A structure of symbolic tensors, with tensors of a device in their places. */
export type Held<T> = T extends Tensor ? DeviceTensor : { readonly [K in keyof T]: Held<T[K]> };

/** A structure of tensors on a device, with their values in their places. */
export type Read<T> = T extends DeviceTensor ? Float32Array
  : { readonly [K in keyof T]: Read<T[K]> };

/** What a program is made of: objects of tensors, nested at will. */
export interface TypedGraph<Inputs, Results, Updates> {
  /** Graph inputs. Those that nothing depends on are left out of the program. */
  readonly inputs: Inputs;
  /** What a run gives. */
  readonly results: Results;
  /** What a run writes into tensors that stand already. */
  readonly updates: Updates;
}

/** A compiled {@linkcode TypedGraph}. */
export interface TypedProgram<Inputs, Results, Updates> {
  /**
   * Runs the program.
   *
   * @param into A tensor for each update, which may be one of the inputs.
   * @returns the results, which now belong to the caller.
   */
  run(inputs: Held<Inputs>, into: Held<Updates>): Promise<Held<Results>>;
  /** Frees the program. */
  dispose(): Promise<void>;
}

/** Makes a program of a graph by its structure. */
export async function compileTyped<I extends object, R extends object, U extends object>(
  device: Device,
  { inputs, results, updates }: TypedGraph<I, R, U>,
  options?: Parameters<Device["compile"]>[1],
): Promise<TypedProgram<I, R, U>> {
  const named = (tree: object, kind: string) =>
    [...leaves(tree)].map((leaf, i) => ({ ...leaf, name: `${kind} ${i}` }));
  const [given, replaced] = [named(results, "result"), named(updates, "update")];
  const outputs = [...given, ...replaced];
  const needed = new Set(topologicalOrder(outputs.map(({ tensor }) => tensor)));
  const taken = [...leaves(inputs)].filter(({ tensor }) => needed.has(tensor.node));
  const program = await device.compile({
    inputs: taken.map(({ tensor }) => tensor),
    outputs: Object.fromEntries(outputs.map(({ name, tensor }) => [name, tensor])),
  }, options);
  return {
    run: async (held, into) => {
      const found = await program.run(
        Object.fromEntries(
          taken.map(({ tensor, path }) => [tensor.node.inputName, at(held, path)]),
        ),
        Object.fromEntries(replaced.map(({ name, path }) => [name, at(into, path)])),
      );
      let next = 0;
      return rebuild(results, () => found[given[next++]!.name]) as Held<R>;
    },
    dispose: () => program.dispose(),
  };
}

/** The values of a program's results, which are freed. */
export async function readResults<T extends object>(held: T): Promise<Read<T>> {
  const values: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(held)) {
    if (!isHeld(value)) values[key] = await readResults(value);
    else {
      values[key] = await value.read();
      value.dispose();
    }
  }
  return values as Read<T>;
}

/** Frees a program's results. */
export function disposeResults(held: object): void {
  for (const value of Object.values(held)) {
    if (isHeld(value)) value.dispose();
    else disposeResults(value);
  }
}

/** The symbolic tensors of a structure, in order. */
export function tensorsOf(tree: object): Tensor[] {
  return [...leaves(tree)].map(({ tensor }) => tensor);
}

/** The structure with another tensor in the place of each. */
export function mapTensors<T extends object>(tree: T, change: (tensor: Tensor) => Tensor): T {
  return rebuild(tree, ({ tensor }) => change(tensor)) as T;
}

interface Leaf {
  readonly path: readonly string[];
  readonly tensor: Tensor;
}

function* leaves(tree: object, path: readonly string[] = []): Generator<Leaf> {
  for (const [key, value] of Object.entries(tree)) {
    if (value === undefined) continue;
    if (isSymbol(value)) yield { path: [...path, key], tensor: value };
    else yield* leaves(value, [...path, key]);
  }
}

/** A structure of the same form; what is not there is left out. */
function rebuild(
  tree: object,
  valueOf: (leaf: Leaf) => unknown,
  path: readonly string[] = [],
): object {
  const entries = Object.entries(tree).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([key, value]) => {
    const inside = [...path, key];
    return [
      key,
      isSymbol(value) ? valueOf({ path: inside, tensor: value }) : rebuild(value, valueOf, inside),
    ];
  }));
}

function at(tree: object, path: readonly string[]): DeviceTensor {
  return path.reduce((part, key) => (part as Record<string, object>)[key]!, tree) as DeviceTensor;
}

function isSymbol(value: object): value is Tensor {
  return "node" in value && "output" in value && "shape" in value;
}

function isHeld(value: object): value is DeviceTensor {
  return "dispose" in value && "read" in value;
}
