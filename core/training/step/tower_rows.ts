/**
 * A batch's rows of one tower: which there are, and where they come from.
 *
 * @module
 */
import type { Identity } from "../loop/identity.ts";
import type { ReadGroup } from "../loop/read_group.ts";
import type { TowerValues } from "../../towers/host_rows.ts";
import type { TowerPart } from "../../towers/tower_part.ts";

/** The pictures or texts of one group: so many a row of the batch. */
export interface RowGroup {
  /** As the composer and the loss name it; the rows' own pictures are `"image"`. */
  readonly name: string;
  /** How many a row of the batch has. */
  readonly count: number;
  /** `[batch, count]`: 1 where there is one, else 0. */
  readonly present: Float32Array;
  /** `[batch, count]`, of texts whose tokens are asked for: how many each has. */
  readonly lengths?: Float32Array;
}

/** Where the loss's program has a tower's rows from. */
export type RowSource =
  /** The tower stands inside the program. */
  | { readonly kind: "inside"; readonly part: TowerPart }
  /** It was run before; if it is trained, the gradient at its rows is to be found. */
  | { readonly kind: "before"; readonly values: TowerValues; readonly trained: boolean };

/** The rows of one tower: its groups one after another, each row by row of the batch. */
export interface TowerRows {
  readonly groups: readonly RowGroup[];
  readonly source: RowSource;
}

/** Both towers' rows. */
export interface BatchRows {
  readonly image: TowerRows;
  readonly text: TowerRows;
}

/** The models beside the one that is trained, by which a batch can be embedded. */
export type TeacherName = "frozen" | "averaged";

/** What a loss is computed on. */
export interface EmbeddedBatch extends BatchRows {
  /** Rows of the batch. */
  readonly rows: number;
  /** Which of them, and of their texts, are the same. */
  readonly identity: Identity;
  /** The example that each row was made of, by index, where the loss asks for it. */
  readonly examples?: readonly number[];
  /** The texts that the loss reads by itself. */
  readonly read: readonly ReadGroup[];
  /** The rows' own pictures and all texts by other models, of those that the loss asks for. */
  readonly teachers: Readonly<Partial<Record<TeacherName, BatchRows>>>;
}

/** How many rows the tower gives. */
export function countRows(batch: number, groups: readonly RowGroup[]): number {
  return groups.reduce((sum, { count }) => sum + batch * count, 0);
}
