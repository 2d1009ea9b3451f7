/** What a component may use of the world when a run opens it. */
import type { Assets } from "./assets/assets.ts";

/** Handed to components when a run starts. */
export interface Context {
  /** Files by address (`hf:…`, `https:…`, path). */
  readonly assets: Assets;
  /** Tells the person who runs the recipe something, one line at a time. */
  readonly log: (line: string) => void;
}
