/** The expression of a pattern of names, in which `*` stands for anything. */
export function namePattern(pattern: string): string {
  return pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&")).join(".*");
}
