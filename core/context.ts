/**
 * What a component may use of the world when a run opens it.
 *
 * @module
 */
import type { PicturePool } from "./images/picture_pool.ts";
import type { Assets } from "./assets.ts";

/** Handed to components when a run starts. */
export interface Context {
  /** Files by address (`hf:…`, `https:…`, path). */
  readonly assets: Assets;
  /** Decodes and resizes pictures. */
  readonly images: PicturePool;
  /** Tells the person who runs the recipe something, one line at a time. */
  readonly log: (line: string) => void;
}
