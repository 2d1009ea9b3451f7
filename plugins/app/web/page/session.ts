/**
 * What the page does with a model, on the same core as the command line: believes, trains, compares.
 *
 * @module
 */
import { dotRows } from "../../../../core/scoring/rows.ts";
import type { Context } from "../../../../core/context.ts";
import type { Device } from "../../../../core/device/device.ts";
import type { Encoder } from "../../../../core/evaluator.ts";
import type { Raster } from "../../../../core/images/raster.ts";
import type { DualEncoder } from "../../../../core/model.ts";
import { overrideRecipe } from "../../../../core/override.ts";
import type { Recipe } from "../../../../core/recipe.ts";
import {
  type DeviceParameters,
  downloadParameters,
  uploadParameters,
} from "../../../../core/towers/device_parameters.ts";
import { createEncoder } from "../../../../core/towers/encoder.ts";
import { prepareObjectives } from "../../../../core/training/loop/prepare.ts";
import { trainableParameters } from "../../../../core/training/loop/loss_parameters.ts";
import { beginTraining, disposeState } from "../../../../core/training/loop/state.ts";
import type { StepRecord } from "../../../../core/training/loop/step_record.ts";
import { totalSteps } from "../../../../core/training/loop/steps.ts";
import { train } from "../../../../core/training/loop/train.ts";
import { clicOnScenes } from "../../../scenes/clic_on_scenes.ts";
import { wordTokenizer } from "../../../scenes/word_tokenizer.ts";
import { type PageItem, pageItem, scoreItems } from "./page_items.ts";
import { modelFiles, type PageFile, pageModel, pageModelSource } from "./page_model.ts";
import { createTurns } from "./turns.ts";

/** How the model is trained; what is not given is the recipe's. */
export interface TrainSettings {
  readonly steps: number;
  readonly batch: number;
  readonly seed: number;
}

/** What a model takes of each of several texts, that sums to one. */
export interface Belief {
  readonly cosines: readonly number[];
  readonly shares: readonly number[];
}

/** How right the model is on the page's items. */
export interface ItemScores {
  readonly before: readonly boolean[];
  readonly now: readonly boolean[];
}

/** Hears of training as it goes. */
export interface TrainEvents {
  onStep(step: StepRecord & { readonly total: number }): void;
  onItems(scores: ItemScores): void;
  onLine(line: string): void;
}

/** After so many steps the items are scored again. */
const EVERY = 10;

/** A model before and after training, on a device. */
export class Session {
  readonly device: Device;
  readonly items: readonly PageItem[];
  readonly #turns = createTurns();
  readonly #tokenizer = wordTokenizer();
  #before: Loaded;
  #now: Loaded;

  private constructor(device: Device, items: number, before: Loaded, now: Loaded) {
    this.device = device;
    this.items = Array.from({ length: items }, (_, index) => pageItem(index));
    this.#before = before;
    this.#now = now;
  }

  /**
   * @param items How many items the page shows.
   * @throws {SyntaxError} if the file is not of the embedded CLIP.
   */
  static async open(device: Device, weights: PageFile, items: number): Promise<Session> {
    return new Session(
      device,
      items,
      await loadOn(device, weights),
      await loadOn(device, weights),
    );
  }

  /** How many numbers the model has. */
  get parameters(): number {
    return this.#now.model.parameters
      .reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
  }

  /** The words of texts that the model does not know. */
  unknownWords(texts: readonly string[]): string[] {
    const words = texts.flatMap((text) => text.toLowerCase().match(/[\p{L}\p{N}]+|[^\s]/gu) ?? []);
    return [...new Set(words.filter((word) => !this.#tokenizer.vocabulary.includes(word)))];
  }

  /** What the models before training and now take of a picture's captions. */
  believe(picture: Raster, texts: readonly string[]): Promise<{ before: Belief; now: Belief }> {
    return this.#turns.run(async () => ({
      before: await believeBy(this.#before, picture, texts),
      now: await believeBy(this.#now, picture, texts),
    }));
  }

  /** How right both models are on the items. */
  scores(): Promise<ItemScores> {
    return this.#turns.run(() => this.#scores());
  }

  /**
   * Trains the model from where it stands now.
   *
   * @throws {RangeError} if a setting is out of range, or a loss is not finite.
   */
  async train(settings: TrainSettings, events: TrainEvents, signal: AbortSignal): Promise<void> {
    const { model, parameters } = this.#now;
    const recipe = recipeOf(model, settings);
    const log = (line: string) => events.onLine(line);
    const data = await recipe.data.open(contextOf(log));
    const total = totalSteps(recipe, data);
    const { trained } = trainableParameters(recipe, model);
    const { device } = this;
    let done = await this.#turns.take();
    try {
      const prepared = await prepareObjectives(recipe, {
        ...{ device, model, parameters, data, log, rehearsal: false },
        assets: contextOf(log).assets,
      });
      const state = await beginTraining(prepared, { device, model, parameters, trained });
      try {
        done();
        await train({
          ...{ recipe: prepared, device, model, data, state, total, signal },
          from: { step: 0, next: { epoch: 0, position: 0 }, epoch: 0 },
          hooks: {
            onLine: log,
            lastCheckpoint: () => undefined,
            onBatch: async () => {
              done = await this.#turns.take();
            },
            onStep: async (step) => {
              events.onStep({ ...step, total });
              if (step.step % EVERY === 0 || step.step === total) {
                events.onItems(await this.#scores());
              }
              done();
            },
          },
        });
        done = await this.#turns.take();
      } finally {
        // The model's own stay.
        disposeState(state, parameters.values());
      }
    } finally {
      done();
    }
  }

  /** Takes the weights of a file for the model as it is now. */
  take(file: PageFile): Promise<void> {
    return this.#turns.run(async () => {
      const loaded = await loadOn(this.device, file);
      dispose(this.#now);
      this.#now = loaded;
    });
  }

  /** The files of the model's folder as it is now. */
  files(): Promise<PageFile[]> {
    return this.#turns.run(async () => modelFiles(await downloadParameters(this.#now.parameters)));
  }

  /** Frees all of it. */
  async close(): Promise<void> {
    await this.#turns.run(() => {
      dispose(this.#before);
      dispose(this.#now);
      return this.device.dispose();
    });
  }

  async #scores(): Promise<ItemScores> {
    this.#before.right ??= await scoreItems(this.#before.encoder, this.items);
    return {
      before: this.#before.right,
      now: await scoreItems(this.#now.encoder, this.items),
    };
  }
}

/** A model with its values on a device. */
interface Loaded {
  readonly model: DualEncoder;
  readonly parameters: DeviceParameters;
  readonly encoder: Encoder;
  /** Of the items, where they were scored. */
  right?: readonly boolean[];
}

async function loadOn(device: Device, file: PageFile): Promise<Loaded> {
  const model = pageModel(file);
  return loadedOf(device, model, await uploadParameters(device, model));
}

function loadedOf(device: Device, model: DualEncoder, parameters: DeviceParameters): Loaded {
  return { model, parameters, encoder: createEncoder({ device, model, parameters, chunk: 64 }) };
}

function dispose({ parameters }: Loaded): void {
  for (const tensor of parameters.values()) tensor.dispose();
}

/** The page's recipe with a visitor's settings, each checked as on the command line. */
function recipeOf(model: DualEncoder, settings: TrainSettings): Recipe {
  const assignments = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return overrideRecipe(clicOnScenes(pageModelSource(model)), assignments);
}

async function believeBy(
  { encoder, parameters, model }: Loaded,
  picture: Raster,
  texts: readonly string[],
): Promise<Belief> {
  const image = await encoder.images(1, () => Promise.resolve(picture));
  const rows = await encoder.texts(texts);
  const { dim } = encoder;
  const cosines = texts.map((_, index) => dotRows(image, 0, rows, index, dim));
  const [logScale] = await parameters.get(model.logitScale)!.read() as Float32Array;
  const scale = Math.exp(logScale!);
  const most = Math.max(...cosines);
  const weights = cosines.map((cosine) => Math.exp(scale * (cosine - most)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return { cosines, shares: weights.map((weight) => weight / sum) };
}

/** Scenes are drawn: nothing is read, and no picture is decoded. */
function contextOf(log: (line: string) => void): Context {
  const refuse = (what: string) => () =>
    Promise.reject(new Error(`the page has no ${what}: scenes are drawn`));
  const close = () => {};
  return {
    assets: { file: refuse("files"), optionalFile: () => Promise.resolve(undefined) },
    images: { decode: refuse("decoder"), close, [Symbol.dispose]: close },
    log,
  };
}
