/** The texts of one group in a batch. */
export interface TextGroup {
  /** As the composer and the loss name it: `"caption"`, `"negative"`. */
  readonly name: string;
  /** Texts a row. */
  readonly count: number;
  /** `batch · count` lists of token ids, row by row. */
  readonly tokens: readonly (readonly number[])[];
  /** `[batch, count]`: 1 where there is such a text, else 0. */
  readonly present: Float32Array;
}
