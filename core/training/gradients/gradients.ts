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
import type { DualEncoder } from "../../model.ts";
import type { Objective } from "../../objective.ts";
import type { DeviceTensor } from "../../device/device.ts";
import { createForward } from "../../towers/forward.ts";
import { createProgramCache } from "../../towers/program_cache.ts";
import { type TextChunk, textChunks } from "../../towers/text_chunks.ts";
import type { Batch } from "../loop/batches.ts";
import { compileGradients, type GradientProgram, type GradientSums } from "./gradient_program.ts";
import { lossProgram, type LossShape, type Place } from "./loss_program.ts";
import { createTowerBackward } from "./tower_backward.ts";
import { withUploads } from "../loop/uploads.ts";

/** What {@linkcode createGradients} needs. */
export interface GradientOptions extends GradientSums {
  /** Whose towers the batches go through. */
  readonly model: DualEncoder;
  /** The most rows that go through a tower together. */
  readonly chunk: number;
}

/** What came of a batch, beside the gradients. */
export interface LossValues {
  /** The total that was differentiated. */
  readonly loss: number;
  /** The loss's named parts. */
  readonly terms: Readonly<Record<string, number>>;
  /** What is wrong with the loss's input, where it is given a row that is not finite or has no length. */
  readonly fault?: string;
}

/** Computes gradients of batches. */
export interface Gradients {
  /**
   * Adds a batch's gradients to the sums.
   *
   * Where it finds a fault, the sums are not to be used.
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

/** Gradient programs on a device, compiled as their shapes come up. */
export function createGradients(options: GradientOptions): Gradients {
  const { device, model, gradients, chunk } = options;
  const { dim, image: { size: side }, tokenizer: { padding } } = model;
  const { contextLength: context, vocabulary } = model.text;
  const programs = createProgramCache<GradientProgram>();
  const forward = createForward(options);
  const backward = createTowerBackward(options);
  const trains = (part: "image" | "text") =>
    model.parameters.some((spec) => spec.part === part && gradients.has(spec.name));
  const trained = { image: trains("image"), text: trains("text") };
  const placeOf = (part: "image" | "text", rows: number): Place =>
    !trained[part] ? "before, frozen" : rows <= chunk ? "inside" : "before, trained";

  const programOf = (objective: Objective, shape: LossShape) => {
    const { rows, tokens, places } = shape;
    const key = `${objective.name} ${rows} ${tokens} ${places.image} ${places.text}`;
    return programs.get(
      key,
      () => compileGradients(lossProgram(model, objective, shape), options),
    );
  };

  return {
    add: async (objective, batch, state) => {
      const { pixels, groups, identity, ids: { length: rows } } = batch;
      const texts = groups.flatMap((group) => group.tokens);
      const places = { image: placeOf("image", rows), text: placeOf("text", texts.length) };
      const size = places.text === "inside" ? texts.length : chunk;
      const chunks = textChunks(texts, { size, padding, context, vocabulary });
      const whole = places.text === "inside" ? inOrder(chunks[0]!) : undefined;
      const results = await withUploads(device, async (upload) => {
        const inputs: Record<string, DeviceTensor> = {};
        if (places.image === "inside") {
          inputs.pixels = upload(pixels, [rows, 3, side, side], "float32");
        } else {
          const embedded = await forward.images(pixels, rows);
          inputs.image = upload(embedded, [rows, dim], "float32");
        }
        if (whole === undefined) {
          inputs.text = upload(await forward.texts(texts), [texts.length, dim], "float32");
        } else {
          inputs.ids = upload(whole.ids, [whole.size, whole.tokens], "int64");
          inputs.end = upload(whole.end, [whole.size], "int64");
        }
        for (const { name, count, present } of groups) {
          inputs[`present:${name}`] = upload(present, [rows, count], "float32");
          inputs[`identity:text:${name}`] = upload(identity.text[name]!, [rows, count], "float32");
        }
        inputs["identity:picture"] = upload(identity.picture, [rows], "float32");
        for (const [name, tensor] of state) inputs[`state:${name}`] = tensor;
        const shape = { rows, groups, tokens: whole?.tokens ?? 0, places };
        return await readAll(await (await programOf(objective, shape)).run(inputs));
      });
      const fault = faultOf(batch, results.get("length:image")!, results.get("length:text")!);
      if (fault !== undefined) return { loss: NaN, terms: {}, fault };
      // Not written by the program itself: it may read the old state after it has the new one.
      for (const [name, tensor] of state) tensor.write(results.get(`next:${name}`)!);
      const [dText, dImage] = [results.get("dText"), results.get("dImage")];
      if (dText !== undefined) await backward.texts(chunks, dText);
      if (dImage !== undefined) await backward.images(pixels, rows, dImage);
      const terms = [...results].filter(([name]) => name.startsWith("term:"));
      return {
        loss: results.get("loss")![0]!,
        terms: Object.fromEntries(terms.map(([name, values]) => [name.slice(5), values[0]!])),
      };
    },
    dispose: async () => {
      await programs.dispose();
      await forward.dispose();
      await backward.dispose();
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

/** Names the first embedding of a batch that has no direction. */
function faultOf(
  { ids, groups }: Batch,
  images: Float32Array,
  texts: Float32Array,
): string | undefined {
  // A NaN fulfils no comparison, and a row of length 0 stays one when it is divided by its length.
  const broken = (lengths: Float32Array) =>
    lengths.findIndex((each) => !(Math.abs(each - 1) < 0.5));
  const say = (what: string, row: number, length: number) =>
    `the embedding of ${what} of row ${row} (${ids[row]}) ${
      Number.isNaN(length) ? "is not finite" : "has length 0"
    }`;
  const image = broken(images);
  if (image !== -1) return say("the picture", image, images[image]!);
  const text = broken(texts);
  let start = 0;
  for (const { name, tokens: { length }, count } of groups) {
    if (text >= start && text < start + length) {
      return say(`a ${name}`, Math.floor((text - start) / count), texts[text]!);
    }
    start += length;
  }
  return undefined;
}

/** The values of a program's results, which are freed. */
async function readAll(
  results: Readonly<Record<string, DeviceTensor>>,
): Promise<ReadonlyMap<string, Float32Array>> {
  const values = new Map<string, Float32Array>();
  for (const [name, tensor] of Object.entries(results)) {
    values.set(name, await tensor.read() as Float32Array);
    tensor.dispose();
  }
  return values;
}
