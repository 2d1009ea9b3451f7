/** What a text tower takes. */
export interface TextLimits {
  /** The most tokens of a text. */
  readonly context: number;
  /** How many token ids there are, from 0 on. */
  readonly vocabulary: number;
}

/**
 * Checks that a text tower can take texts, as token ids.
 *
 * @throws {RangeError} if a text has no token or too many, or an id is none of the vocabulary: not
 *   every device raises where a table has no such row.
 */
export function checkTexts(texts: readonly (readonly number[])[], limits: TextLimits): void {
  for (const [row, text] of texts.entries()) checkText(row, text, limits);
}

function checkText(
  row: number,
  text: readonly number[],
  { context, vocabulary }: TextLimits,
): void {
  if (text.length < 1 || text.length > context) {
    throw new RangeError(
      `text ${row}: expected 1 to ${context} tokens, which the model takes, found ${text.length}`,
    );
  }
  for (const id of text) {
    if (Number.isInteger(id) && id >= 0 && id < vocabulary) continue;
    throw new RangeError(
      `text ${row}: expected token ids from 0 to ${
        vocabulary - 1
      }, which the model has, found ${id}; ` +
        "do tokenizer and weights belong together?",
    );
  }
}
