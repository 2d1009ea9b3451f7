import type { Raster } from "../../../core/images/raster.ts";

/** Pictures of which each belongs to a class. */
export interface ClassifiedPictures {
  /** The classes by the names that the files give them. */
  readonly classes: readonly string[];
  /** The pictures. */
  readonly pictures: readonly ClassifiedPicture[];
}

/** A picture and its class. */
export interface ClassifiedPicture {
  /** Names it within its data set. */
  readonly id: string;
  /** The position of its class. */
  readonly label: number;
  /** Decodes it. */
  read(): Promise<Raster>;
  /** Names what it shows, as `pictureKey` does. */
  key(): Promise<string>;
}
