import type { Context } from "../../../core/context.ts";
import type { Device, DeviceTensor } from "../../../core/device/device.ts";
import { checkEmbeddings } from "../../../core/embedding_error.ts";
import type { Encoder } from "../../../core/evaluator.ts";
import { importLater } from "../../../core/import_later.ts";
import type { Literature } from "../../../core/literature.ts";
import type { DualEncoder, ModelSource } from "../../../core/model.ts";
import { createEncoder } from "../../../core/towers/encoder.ts";
import { downloadParameters } from "../../../core/towers/device_parameters.ts";
import { type Picture, readRaster } from "./picture.ts";
import { compareRows, type Similarity } from "./similarity.ts";

/** A model on a device. `await using` frees what it has there. */
export interface LoadedModel extends AsyncDisposable {
  /** Architecture and source, for people. */
  readonly name: string;
  /** Length of an embedding. */
  readonly dim: number;
  /**
   * Embeds pictures; benchmarks get these numbers too.
   *
   * @returns a row of unit length for each picture.
   * @throws {PictureError} if a picture cannot be decoded.
   */
  embedImages(pictures: readonly Picture[]): Promise<readonly Float32Array[]>;
  /**
   * Embeds texts, each as it is: no prompt is put around it. What is longer than the model's context is
   * cut.
   *
   * @returns a row of unit length for each text.
   */
  embedTexts(texts: readonly string[]): Promise<readonly Float32Array[]>;
  /**
   * How near each picture is to each text, as cosines, logits and probabilities. What was embedded
   * before may stand in the place of a picture or text.
   */
  similarity(
    pictures: readonly (Picture | Float32Array)[],
    texts: readonly (string | Float32Array)[],
  ): Promise<Similarity>;
  /**
   * What makes logits of cosines, as it stands now: the scale, not its logarithm, and the bias,
   * undefined for a model without.
   */
  logitFacts(): Promise<{ readonly scale: number; readonly bias: number | undefined }>;
  /**
   * Writes a model folder in the layout that the weights came in, with a model card that says what is
   * known of it; a card that somebody else wrote there stays.
   */
  save(folder: string): Promise<void>;
  /** Embeds for benchmarks: `await sugarCrepe(…).evaluate(model.encoder, model.context)`. */
  readonly encoder: Encoder;
  /** What benchmarks and data may use of the world. */
  readonly context: Context;
  /** Where it computes; it is shared with other models. */
  readonly device: Device;
  /** The towers as graphs, the tokenizer, the preprocessing. */
  readonly towers: DualEncoder;
  /** The values in use, on the device. */
  readonly parameters: ReadonlyMap<string, DeviceTensor>;
  /** What a recipe would name it by. */
  readonly source: ModelSource;
}

/** What {@linkcode createLoadedModel} is made of. */
export interface LoadedParts
  extends Pick<LoadedModel, "context" | "device" | "towers" | "parameters" | "source"> {
  /** The most rows that go through a tower together. */
  readonly chunk: number;
  /** BibTeX of components by their names, for the card. */
  readonly literature: () => Promise<Literature>;
  /** Frees all of it. */
  readonly release: () => Promise<void>;
}

/** The face of a model that stands on a device. */
export function createLoadedModel(parts: LoadedParts): LoadedModel {
  const { context, device, towers, parameters, source, chunk, literature, release } = parts;
  const { name, dim } = towers;
  const inner = createEncoder({ device, model: towers, parameters, chunk });
  let last: Promise<unknown> = Promise.resolve();
  let isOpen = true;
  /** One call after another: their programs share memory. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    if (!isOpen) throw new Error(`${name}: used after it was disposed of`);
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
  const encoder: Encoder = {
    dim,
    images: (...all) => inTurn(() => inner.images(...all)),
    texts: (...all) => inTurn(() => inner.texts(...all)),
  };
  const embedImages = async (pictures: readonly Picture[]) => {
    checkList("pictures", pictures);
    const rows = await encoder.images(
      pictures.length,
      (index) => readRaster(pictures[index]!, index, context),
    );
    return rowsOf(rows, dim);
  };
  const embedTexts = async (texts: readonly string[]) => {
    checkList("texts", texts);
    const stranger = texts.findIndex((text) => typeof text !== "string");
    if (stranger !== -1) {
      throw new TypeError(`text ${stranger}: expected a string, found ${typeof texts[stranger]}`);
    }
    return texts.length === 0 ? [] : rowsOf(await encoder.texts(texts), dim);
  };
  const logitFacts = () =>
    inTurn(async () => {
      const valueOf = async (parameter: string) =>
        (await parameters.get(parameter)!.read() as Float32Array)[0]!;
      return {
        scale: Math.exp(await valueOf(towers.logitScale)),
        bias: towers.logitBias === undefined ? undefined : await valueOf(towers.logitBias),
      };
    });
  const model: LoadedModel = {
    ...{ name, dim, embedImages, embedTexts, logitFacts },
    ...{ encoder, context, device, towers, parameters, source },
    similarity: async (pictures, texts) => {
      const images = await mixed("pictures", pictures, dim, embedImages);
      const rows = await mixed("texts", texts, dim, embedTexts);
      return compareRows(images, rows, dim, await logitFacts());
    },
    save: (folder) =>
      inTurn(async () => {
        await towers.write(folder, await downloadParameters(parameters));
        await writeCard(folder, model, await literature());
      }),
    [Symbol.asyncDispose]: async () => {
      if (!isOpen) return;
      isOpen = false;
      await last;
      await release();
    },
  };
  return model;
}

async function writeCard(folder: string, model: LoadedModel, literature: Literature) {
  // Who saves no model loads nothing of cards.
  const { savedModel } = await importLater<typeof import("../model_card/saved_model.ts")>(
    "../model_card/saved_model.ts",
    import.meta.url,
  );
  const { placeCard } = await importLater<typeof import("../model_card/place_card.ts")>(
    "../model_card/place_card.ts",
    import.meta.url,
  );
  await placeCard(folder, savedModel(model, literature.citations ?? {}));
}

/** Rows of what is embedded already and of what is to be, in their order. */
async function mixed<T>(
  what: string,
  items: readonly (T | Float32Array)[],
  dim: number,
  embed: (items: readonly T[]) => Promise<readonly Float32Array[]>,
): Promise<Float32Array> {
  checkList(what, items);
  const embedded = await embed(items.filter((item) => !(item instanceof Float32Array)) as T[]);
  const result = new Float32Array(items.length * dim);
  let next = 0;
  for (const [place, item] of items.entries()) {
    const row = item instanceof Float32Array ? item : embedded[next++]!;
    if (row.length !== dim) {
      throw new RangeError(
        `${what}: expected embeddings of ${dim} values, found ${row.length} at ${place}`,
      );
    }
    result.set(row, place * dim);
  }
  checkEmbeddings(what, result, dim);
  return result;
}

function checkList(what: string, items: unknown): void {
  if (Array.isArray(items)) return;
  throw new TypeError(`${what}: expected a list, found ${items === null ? "null" : typeof items}`);
}

function rowsOf(values: Float32Array, dim: number): readonly Float32Array[] {
  return Array.from(
    { length: values.length / dim },
    (_, row) => values.subarray(row * dim, (row + 1) * dim),
  );
}
