import type { Tensor } from "../tensor.ts";
import type { OnnxModel } from "./parse_model.ts";
import type { ExternalData } from "./tensor_values.ts";

/** What all parts of a model are read with. */
export interface Importer {
  readonly model: OnnxModel;
  readonly external: ExternalData;
}

/** Looks a value up by its name. */
export type Lookup = (name: string) => Tensor | undefined;
