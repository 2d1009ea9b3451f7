import type { Device, DeviceTensor, HostArray } from "../../core/device/device.ts";
import { gradient } from "../../core/graph/gradient.ts";
import { constant, input, sizeOf } from "../../core/graph/node.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import { assetsFromEnvironment } from "../../core/host/assets/environment.ts";
import { openSafetensors } from "../../core/host/storage/safetensors.ts";
import { parameterSymbols } from "../../core/towers/symbols.ts";
import { readGraphValues } from "../../plugins/onnx/graph_values.ts";
import { imageGraph } from "../../plugins/onnx/image_graph.ts";
import { openOnnxFile } from "../../plugins/onnx/onnx_file.ts";
import { textGraph, textInputs } from "../../plugins/onnx/text_graph.ts";
import { freeValues, towerFile } from "../../plugins/onnx/tower_file.ts";

/** Rows of the golden batch as they are given: more than it has, so that fixed batches are parted. */
const ROWS = [0, 1, 2, 0, 1];

/** What an export gives, compared with PyTorch's values; differences are of the largest value. */
export interface ComparedExport {
  readonly output: number;
  readonly gradients: readonly { readonly name: string; readonly difference: number }[];
  /** How many initializers are parameters. */
  readonly parameters: number;
}

/** Runs an export as a tower. The folder has `io.safetensors` and `grads.safetensors` beside it. */
export async function openExport(
  folder: string,
  name: string,
  device: Device,
): Promise<ComparedExport> {
  const io = await openSafetensors(`${folder}/io.safetensors`);
  const grads = await openSafetensors(`${folder}/grads.safetensors`);
  const file = await openOnnxFile(`${folder}/${name}`, assetsFromEnvironment());
  const isImage = io.has("pixel_values");
  const part = isImage ? "image" : "text";
  const tower = towerFile(file, part, {});
  freeValues(tower);
  const { parameters, output } = tower;
  const values = await readGraphValues(file, parameters);
  const { lookup, used } = parameterSymbols({ parameters });
  const parameterOf = (name: string) => tower.names.get(name);
  const given = new Map<Tensor, HostArray>();
  const declare = (
    name: string,
    dtype: "float32" | "int64",
    shape: readonly number[],
    data: HostArray,
  ) => {
    const tensor = input(name, dtype, shape);
    given.set(tensor, data);
    return tensor;
  };
  let embedding: Tensor;
  if (isImage) {
    const { shape } = io.info("pixel_values");
    const pixels = rowsOf(await io.readFloat32("pixel_values"), shape) as Float32Array;
    const x = declare("pixels", "float32", [ROWS.length, ...shape.slice(1)], pixels);
    embedding = imageGraph(file, { output, size: shape[2]!, parameterOf }).encode(x, lookup);
  } else {
    const { shape } = io.info("input_ids");
    const tokens = shape[1]!;
    const ids = rowsOf(await io.read("input_ids") as BigInt64Array, shape) as BigInt64Array;
    const mask = io.has("attention_mask")
      ? rowsOf(await io.read("attention_mask") as BigInt64Array, shape) as BigInt64Array
      : new BigInt64Array(ids.length).fill(1n);
    const ends = ROWS.map((_, row) =>
      Number(mask.subarray(row * tokens, (row + 1) * tokens).reduce((a, b) => a + b)) - 1
    );
    const contextLength = textInputs(file).ids.shape[1] ?? tokens;
    const text = textGraph(file, {
      output,
      contextLength,
      padding: Number(ids[2 * tokens - 1]),
      isFull: !io.has("attention_mask"),
      parameterOf,
    });
    embedding = text.encode(
      declare("ids", "int64", [ROWS.length, tokens], ids),
      declare("end", "int64", [ROWS.length], BigInt64Array.from(ends, BigInt)),
      lookup,
    );
  }
  const dim = embedding.shape[1]!;
  const seed = constant(
    Array.from(
      { length: sizeOf(embedding.shape) },
      (_, i) => i < 3 * dim ? 0.5 + (i * 7 % 11) / 11 : 0,
    ),
    embedding.shape,
  );
  const names = [...used.keys()];
  const gradients = gradient(embedding, names.map((name) => used.get(name)!), seed);
  const program = await device.compile({
    inputs: [...given.keys(), ...used.values()],
    outputs: {
      "the embedding": embedding,
      ...Object.fromEntries(gradients.map((each, i) => [`gradient ${i}`, each])),
    },
  });
  const held: Record<string, DeviceTensor> = {};
  for (const [{ node, shape, dtype }, data] of given) {
    held[node.inputName!] = device.upload(data, shape, dtype);
  }
  for (const [name, { shape }] of used) {
    held[name] = device.upload(values.get(name)!.data, shape, "float32");
  }
  const found = await program.run(held);
  const expected = rowsOf(await io.readFloat32("output"), io.info("output").shape) as Float32Array;
  const compared: { name: string; difference: number }[] = [];
  for (const [i, name] of names.entries()) {
    const { shape } = gradients[i]!;
    const own = await found[`gradient ${i}`]!.read() as Float32Array;
    const difference = await nearest(own, shape, name.replace(/^m\./, ""), grads);
    compared.push({ name, difference });
  }
  const result = difference(await found["the embedding"]!.read() as Float32Array, expected);
  for (const tensor of [...Object.values(held), ...Object.values(found)]) tensor.dispose();
  await program.dispose();
  return { output: result, gradients: compared, parameters: parameters.length };
}

/**
 * The difference from the gradient of that name. A name that is none of PyTorch's is the exporter's, of a
 * parameter that is turned over, has axes of length 1 beside its own, or is some of its rows: the nearest
 * of those.
 */
async function nearest(
  own: Float32Array,
  shape: readonly number[],
  name: string,
  grads: Awaited<ReturnType<typeof openSafetensors>>,
): Promise<number> {
  if (grads.has(name)) return difference(own, await grads.readFloat32(name));
  let least = Infinity;
  for (const each of grads.names) {
    const other = grads.info(each).shape;
    const values = await grads.readFloat32(each);
    const width = other.at(-1) ?? 1;
    const isTurned = shape.length === 2 && other.length === 2 && shape[0] === width;
    const isLine = other.length === 1 && Math.max(...shape) === own.length;
    if (!isTurned && !isLine && shape.at(-1) !== width) continue;
    for (let start = 0; start + own.length <= values.length; start += isLine ? 1 : width) {
      const rows = values.subarray(start, start + own.length);
      const candidates = isTurned ? [rows, turned(rows, [shape[1]!, width])] : [rows];
      least = Math.min(least, ...candidates.map((each) => difference(own, each)));
    }
  }
  return least;
}

function turned(values: Float32Array, [rows, columns]: readonly [number, number]): Float32Array {
  return values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
}

/** A gradient that is nothing but rounding, as a key's bias has, counts by its distance from 0. */
function difference(a: Float32Array, b: Float32Array): number {
  const scale = b.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-2);
  const far = a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
  return a.length === b.length && a.every(Number.isFinite) ? far / scale : NaN;
}

function rowsOf<T extends Float32Array | BigInt64Array>(values: T, shape: readonly number[]): T {
  const width = sizeOf(shape.slice(1));
  const Kind = values.constructor as new (length: number) => T;
  const result = new Kind(ROWS.length * width);
  for (const [i, row] of ROWS.entries()) {
    result.set(values.subarray(row * width, (row + 1) * width) as never, i * width);
  }
  return result;
}
