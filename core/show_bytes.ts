/** A number of bytes for people: MiB below a GiB, GiB above. */
export function showBytes(bytes: number): string {
  return bytes < 2 ** 30
    ? `${(bytes / 2 ** 20).toFixed(0)} MiB`
    : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
