/**
 * What the page and its worker say to each other. Each request has a number, and its answer the same;
 * what happens while a model trains comes between.
 *
 * @module
 */
import type { Raster } from "../../../../core/images/raster.ts";
import type { StepRecord } from "../../../../core/training/loop/step_record.ts";
import type { PageFile } from "./page_model.ts";
import type { Belief, ItemScores, TrainSettings } from "./session.ts";

/** What can be asked for, with what it takes and gives. */
export interface Requests {
  /** Opens a device and the model; `weights` is an address, `items` how many are shown. */
  open: [
    { readonly device: "auto" | "wasm"; readonly weights: string; readonly items: number },
    OpenedFacts,
  ];
  /** An item to look at, drawn `scale` times as large as the model sees it. */
  item: [{ readonly index: number; readonly scale: number }, ShownItem];
  /** What both models take of a picture's captions. */
  believe: [{ readonly picture: Raster; readonly texts: readonly string[] }, BelievedTexts];
  /** How right both models are on the page's items. */
  scores: [null, ItemScores];
  /** Trains; ends when all steps are done, or after `stop`. */
  train: [TrainSettings, null];
  /** Ends training after the step that it is at. */
  stop: [null, null];
  /** Takes weights for the model as it is now. */
  take: [{ readonly file: PageFile }, null];
  /** Takes the weights that the page began with. */
  restart: [null, null];
  /** The files of the model's folder. */
  files: [null, readonly PageFile[]];
}

/** What a device and a model are, for people. */
export interface OpenedFacts {
  readonly device: string;
  readonly description: string;
  readonly reason: string;
  readonly parameters: number;
  /** The words that the model knows. */
  readonly words: readonly string[];
  readonly items: readonly ShownItem[];
}

/** An item with its picture. */
export interface ShownItem {
  readonly picture: Raster;
  readonly caption: string;
  readonly negative: string;
}

/** What models take of texts, and the words of these that they do not know. */
export interface BelievedTexts {
  readonly before: Belief;
  readonly now: Belief;
  readonly unknown: readonly string[];
}

/** A request as it is sent. */
export interface Request<Kind extends keyof Requests = keyof Requests> {
  readonly id: number;
  readonly kind: Kind;
  readonly content: Requests[Kind][0];
}

/** What comes back. */
export type Answer =
  | { readonly id: number; readonly result: Requests[keyof Requests][1] }
  | { readonly id: number; readonly error: string }
  | { readonly event: "step"; readonly step: StepRecord & { readonly total: number } }
  | { readonly event: "items"; readonly scores: ItemScores }
  | { readonly event: "line"; readonly line: string };
