/**
 * A word in the casing of another: upper case if that is all in upper case, each word's first letter
 * in upper case if that one's is. Else it is left as it is, so that a name keeps its capital.
 */
export function copyCase(original: string, replacement: string): string {
  const isUpper = original === original.toUpperCase() && original !== original.toLowerCase();
  // A single capital letter is how "A" begins a sentence, and "I" is written.
  if (isUpper && original.length > 1) return replacement.toUpperCase();
  const first = original.charAt(0);
  return first === first.toLowerCase()
    ? replacement
    : replacement.replace(/(?<=^|[ ])\p{Ll}/gu, (letter) => letter.toUpperCase());
}
