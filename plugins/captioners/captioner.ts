import type { Component } from "../../core/component.ts";
import type { Context } from "../../core/context.ts";
import type { Raster } from "../../core/images/raster.ts";

/** Writes captions for pictures. */
export interface Captioner extends Component {
  /** The captioner made ready: the files that it needs are fetched and opened here, once. */
  prepare?(context: Pick<Context, "assets" | "log">): Promise<Captioner>;
  /**
   * One caption for each picture, in the pictures' order; the same picture always gets the same
   * caption.
   *
   * @throws {Error} if the captioner has to be prepared and is not.
   */
  caption(images: readonly Raster[]): Promise<string[]>;
  /** Frees what {@linkcode Captioner.prepare} opened. */
  close?(): Promise<void>;
}
