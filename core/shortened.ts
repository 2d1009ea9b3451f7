/** The longest text that a message repeats whole. */
const SHOWN = 160;

/**
 * A text as a message repeats it: of a long one the beginning, and how long it is. A file's text may
 * be anything, a message is for people.
 */
export function shortened(text: string, most: number = SHOWN): string {
  return text.length <= most ? text : `${text.slice(0, most)}… (${text.length} characters)`;
}
