/** A disk that fills up. */
export interface FullDisk {
  /** Takes all room but a rest. */
  fill(): Promise<void>;
  /** Gives the room back. @returns whether it had been taken. */
  free(): Promise<boolean>;
}

/**
 * Fills the file system of a folder.
 *
 * @param rest Bytes that stay free, so that what is written next may still begin.
 */
export function fillDisk(folder: string, rest: number): FullDisk {
  const path = `${folder}/filler`;
  let filling: Promise<void> | undefined;
  const fill = async () => {
    using file = await Deno.open(path, { write: true, create: true });
    const block = new Uint8Array(1 << 20);
    let size = 0;
    for (let length = block.length; length > 0;) {
      try {
        size += await file.write(block.subarray(0, length));
      } catch {
        // Full: what is left over is less than this.
        length >>= 1;
      }
    }
    await file.truncate(Math.max(0, size - rest));
  };
  return {
    fill: () => filling ??= fill(),
    free: async () => {
      await filling;
      await Deno.remove(path).catch(() => {});
      return filling !== undefined;
    },
  };
}
