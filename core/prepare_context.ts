import type { Assets } from "./assets.ts";
import type { DataSet } from "./dataset.ts";
import type { Device } from "./device/device.ts";
import type { Encoder } from "./evaluator.ts";
import type { Preprocessing } from "./model.ts";

/** What a composer may prepare itself with, once, before the first batch. */
export interface PrepareContext {
  /** The run's data. */
  readonly data: DataSet;
  /** Where the run computes. */
  readonly device: Device;
  /** The model as it is before training. */
  readonly encoder: Encoder;
  /**
   * The same in front of which stands what the run keeps on disk, so that another run need not embed
   * again; for composers that embed all of the data.
   */
  keptEncoder(): Promise<Encoder>;
  /** How the model expects a picture: for composers that have others compose ahead of training. */
  readonly preprocessing: Preprocessing;
  /** Files by address (`hf:…`, `https:…`, path). */
  readonly assets: Assets;
  /** Whether this is a dry run, on generated data, which leaves nothing behind. */
  readonly rehearsal: boolean;
  /** Tells the person who runs the recipe something, one line at a time. */
  readonly log: (line: string) => void;
}
