/**
 * From a batch to the gradients of all trained parameters.
 *
 * A batch whose rows fit the chunk goes through one program: towers, loss and gradients. A larger
 * one goes in chunks, exactly (Gao et al. 2021, "gradient cache"): embed all chunks, differentiate
 * the loss at the embeddings, run each chunk again with the gradient that arrived at its rows. Memory
 * then follows the chunk, not the batch. Each tower is treated by itself; one that is frozen is only
 * run forward.
 *
 * @module
 */
import { gradient, input, type Tensor } from "../graph/mod.ts";
import type { DualEncoder } from "../model.ts";
import type { Objective } from "../objective.ts";
import type { Device, DeviceTensor, Program } from "../runtime/mod.ts";
import {
  createForward,
  createProgramCache,
  type DeviceParameters,
  type ParameterSymbols,
  parameterSymbols,
  pick,
  type TextChunk,
  textChunks,
} from "../towers/mod.ts";
import { accumulate } from "./accumulate.ts";
import type { Batch } from "./batches.ts";
import { lossGraph } from "./loss_graph.ts";

/** What {@linkcode createGradients} needs. */
export interface GradientOptions {
  readonly device: Device;
  readonly model: DualEncoder;
  readonly parameters: DeviceParameters;
  /** Where gradients are added up, one for each trained parameter; zero before a step. */
  readonly gradients: ReadonlyMap<string, DeviceTensor>;
  /** The most rows that go through a tower together. */
  readonly chunk: number;
}

/** What came of a batch, beside the gradients. */
export interface LossValues {
  readonly loss: number;
  /** The loss's named parts. */
  readonly terms: Readonly<Record<string, number>>;
}

/** Computes gradients of batches. */
export interface Gradients {
  /**
   * Adds a batch's gradients to the sums.
   *
   * @param state The objective's loss state, which is replaced by that of the next step.
   */
  add(
    objective: Objective,
    batch: Batch,
    state: ReadonlyMap<string, DeviceTensor>,
  ): Promise<LossValues>;
  /** Frees the programs. */
  dispose(): Promise<void>;
}

type Compiled = { readonly program: Program; readonly parameters: Record<string, DeviceTensor> };

/** Where a tower stands relative to the loss's program. */
type Place = "inside" | "before, trained" | "before, frozen";

/** Gradient programs on a device, compiled as their shapes come up. */
export function createGradients(options: GradientOptions): Gradients {
  const { device, model, parameters, gradients, chunk } = options;
  const { dim, image: { size: side }, tokenizer: { padding }, text: { contextLength } } = model;
  const programs = createProgramCache<Compiled>();
  const forward = createForward(options);
  const trains = (part: "image" | "text") =>
    model.parameters.some((spec) => spec.part === part && gradients.has(spec.name));
  const trained = { image: trains("image"), text: trains("text") };
  const placeOf = (part: "image" | "text", rows: number): Place =>
    !trained[part] ? "before, frozen" : rows <= chunk ? "inside" : "before, trained";

  const compile = async (
    symbols: ParameterSymbols,
    inputs: readonly Tensor[],
    outputs: Readonly<Record<string, Tensor>>,
    differentiate: (wrt: readonly Tensor[]) => readonly Tensor[],
    extra: Readonly<Record<string, Tensor>> = {},
  ): Promise<Compiled> => {
    const wrt = [...symbols.used].filter(([name]) => gradients.has(name));
    const all = differentiate([...wrt.map(([, tensor]) => tensor), ...Object.values(extra)]);
    const sums = wrt.map(([name, { shape }]) => input(`sum:${name}`, "float32", shape));
    const added = Object.fromEntries(
      wrt.map(([name], i) => [`gradient:${name}`, accumulate(sums[i]!, all[i]!)]),
    );
    const further = Object.fromEntries(
      Object.keys(extra).map((name, i) => [name, all[wrt.length + i]!]),
    );
    const program = await device.compile({
      inputs: [...inputs, ...symbols.used.values(), ...sums],
      outputs: { ...outputs, ...added, ...further },
    }, { inPlace: true });
    return { program, parameters: pick(parameters, symbols.used) };
  };

  const run = async (
    { program, parameters }: Compiled,
    inputs: Readonly<Record<string, DeviceTensor>>,
    into: Readonly<Record<string, DeviceTensor>> = {},
  ) => {
    const used = Object.keys(parameters).filter((name) => gradients.has(name));
    const sums = used.map((name) => [`sum:${name}`, gradients.get(name)!] as const);
    const targets = used.map((name) => [`gradient:${name}`, gradients.get(name)!] as const);
    return await program.run(
      { ...parameters, ...inputs, ...Object.fromEntries(sums) },
      { ...into, ...Object.fromEntries(targets) },
    );
  };

  const lossProgram = (
    objective: Objective,
    batch: Batch,
    chunkOfTexts: TextChunk | undefined,
    places: { readonly image: Place; readonly text: Place },
  ) => {
    const rows = batch.ids.length;
    const textRows = batch.groups.reduce((sum, { count }) => sum + rows * count, 0);
    const key =
      `loss ${objective.name} ${rows} ${places.image} ${places.text} ${chunkOfTexts?.tokens}`;
    return programs.get(key, () => {
      const symbols = parameterSymbols(model);
      const inputs: Tensor[] = [];
      const declare = (name: string, dtype: "float32" | "int64", shape: readonly number[]) => {
        const tensor = input(name, dtype, shape);
        inputs.push(tensor);
        return tensor;
      };
      const image = places.image === "inside"
        ? model.image.encode(declare("pixels", "float32", [rows, 3, side, side]), symbols.lookup)
        : declare("image", "float32", [rows, dim]);
      const text = chunkOfTexts === undefined
        ? declare("text", "float32", [textRows, dim])
        : model.text.encode(
          declare("ids", "int64", [textRows, chunkOfTexts.tokens]),
          declare("end", "int64", [textRows]),
          symbols.lookup,
        );
      const logScale = symbols.lookup(model.logitScale);
      const { total, terms, state = {}, inputs: further } = lossGraph(objective, batch.groups, {
        image,
        text,
        logScale,
      });
      const outputs = {
        loss: total,
        ...prefixed("term:", terms),
        ...prefixed("next:", state),
      };
      const extra = {
        ...(places.image === "before, trained" ? { dImage: image } : {}),
        ...(places.text === "before, trained" ? { dText: text } : {}),
      };
      return compile(
        symbols,
        [...inputs, ...further],
        outputs,
        (wrt) => gradient(total, wrt),
        extra,
      );
    });
  };

  const textBackward = ({ size, tokens }: TextChunk) =>
    programs.get(`text ${size} ${tokens}`, () => {
      const symbols = parameterSymbols(model);
      const ids = input("ids", "int64", [size, tokens]);
      const end = input("end", "int64", [size]);
      const seed = input("seed", "float32", [size, dim]);
      const rows = model.text.encode(ids, end, symbols.lookup);
      return compile(symbols, [ids, end, seed], {}, (wrt) => gradient(rows, wrt, seed));
    });

  const imageBackward = (size: number) =>
    programs.get(`image ${size}`, () => {
      const symbols = parameterSymbols(model);
      const pixels = input("pixels", "float32", [size, 3, side, side]);
      const seed = input("seed", "float32", [size, dim]);
      const rows = model.image.encode(pixels, symbols.lookup);
      return compile(symbols, [pixels, seed], {}, (wrt) => gradient(rows, wrt, seed));
    });

  const backThroughTexts = async (chunks: readonly TextChunk[], dText: Float32Array) => {
    for (const part of chunks) {
      // Rows that only fill the chunk up have gradient zero.
      const seed = new Float32Array(part.size * dim);
      for (const [i, row] of part.rows.entries()) {
        seed.set(dText.subarray(row * dim, (row + 1) * dim), i * dim);
      }
      await withUploads(async (upload) => {
        await run(await textBackward(part), {
          ids: upload(part.ids, [part.size, part.tokens], "int64"),
          end: upload(part.end, [part.size], "int64"),
          seed: upload(seed, [part.size, dim], "float32"),
        });
      });
    }
  };

  const backThroughImages = async (pixels: Float32Array, rows: number, dImage: Float32Array) => {
    const each = 3 * side * side;
    for (let start = 0; start < rows; start += chunk) {
      // As forward: the last chunk ends at the last picture; those it has seen get gradient zero.
      const from = Math.min(start, rows - chunk);
      const seed = new Float32Array(chunk * dim);
      seed.set(dImage.subarray(start * dim, (from + chunk) * dim), (start - from) * dim);
      const part = pixels.subarray(from * each, (from + chunk) * each);
      await withUploads(async (upload) => {
        await run(await imageBackward(chunk), {
          pixels: upload(part, [chunk, 3, side, side], "float32"),
          seed: upload(seed, [chunk, dim], "float32"),
        });
      });
    }
  };

  const withUploads = async (work: (upload: Device["upload"]) => Promise<void>): Promise<void> => {
    const made: DeviceTensor[] = [];
    try {
      await work((data, shape, dtype) => {
        const tensor = device.upload(data, shape, dtype);
        made.push(tensor);
        return tensor;
      });
    } finally {
      for (const tensor of made) tensor.dispose();
    }
  };

  return {
    add: async (objective, batch, state) => {
      const rows = batch.ids.length;
      const tokens = batch.groups.flatMap((group) => group.tokens);
      const places = { image: placeOf("image", rows), text: placeOf("text", tokens.length) };
      const size = places.text === "inside" ? tokens.length : chunk;
      const chunks = textChunks(tokens, { size, padding, context: contextLength });
      const whole = places.text === "inside" ? inOrder(chunks[0]!) : undefined;
      let values: LossValues | undefined;
      await withUploads(async (upload) => {
        const inputs: Record<string, DeviceTensor> = {};
        if (places.image === "inside") {
          inputs.pixels = upload(batch.pixels, [rows, 3, side, side], "float32");
        } else {
          const embedded = await forward.images(batch.pixels, rows);
          inputs.image = upload(embedded, [rows, dim], "float32");
        }
        if (whole === undefined) {
          inputs.text = upload(await forward.texts(tokens), [tokens.length, dim], "float32");
        } else {
          inputs.ids = upload(whole.ids, [whole.size, whole.tokens], "int64");
          inputs.end = upload(whole.end, [whole.size], "int64");
        }
        for (const { name, count, present } of batch.groups) {
          inputs[`present:${name}`] = upload(present, [rows, count], "float32");
        }
        for (const [name, tensor] of state) inputs[`state:${name}`] = tensor;
        const next = new Map([...state].map(([name, tensor]) => [`next:${name}`, tensor]));
        const compiled = await lossProgram(objective, batch, whole, places);
        const results = await run(compiled, inputs, Object.fromEntries(next));
        values = await readValues(results);
        const [dImage, dText] = [
          await results.dImage?.read() as Float32Array | undefined,
          await results.dText?.read() as Float32Array | undefined,
        ];
        for (const tensor of Object.values(results)) tensor.dispose();
        if (dText !== undefined) await backThroughTexts(chunks, dText);
        if (dImage !== undefined) await backThroughImages(batch.pixels, rows, dImage);
      });
      return values!;
    },
    dispose: async () => {
      await programs.dispose();
      await forward.dispose();
    },
  };
}

/** A single chunk with its texts back in their own order, as the loss expects them. */
function inOrder({ rows, size, tokens, ids, end }: TextChunk): TextChunk {
  const sortedIds = new BigInt64Array(ids.length);
  const sortedEnd = new BigInt64Array(end.length);
  for (const [i, row] of rows.entries()) {
    sortedIds.set(ids.subarray(i * tokens, (i + 1) * tokens), row * tokens);
    sortedEnd[row] = end[i]!;
  }
  return { rows: rows.map((_, i) => i), size, tokens, ids: sortedIds, end: sortedEnd };
}

async function readValues(results: Readonly<Record<string, DeviceTensor>>): Promise<LossValues> {
  const terms: Record<string, number> = {};
  for (const [name, tensor] of Object.entries(results)) {
    if (name.startsWith("term:")) terms[name.slice(5)] = Number((await tensor.read())[0]);
  }
  return { loss: Number((await results.loss!.read())[0]), terms };
}

function prefixed<T>(prefix: string, values: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}
