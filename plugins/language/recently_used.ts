/**
 * Remembers values by key, at most `size` of them, the least recently used dropped first.
 *
 * @returns A function that gives the value of a key, computed where it is not remembered.
 */
export function recentlyUsed<T>(size: number): (key: string, compute: () => T) => T {
  const kept = new Map<string, T>();
  return (key, compute) => {
    const value = kept.has(key) ? kept.get(key)! : compute();
    // A Map iterates in order of insertion: putting a key back makes it the youngest.
    kept.delete(key);
    kept.set(key, value);
    if (kept.size > size) kept.delete(kept.keys().next().value!);
    return value;
  };
}
