/**
 * A stream that keeps what is written to it.
 *
 * @module
 */
import type { TextStream } from "../../plugins/app/terminal/text_stream.ts";

/** Takes at most `most` bytes a write, as pipes may. */
export function createSink(most: number = Infinity): TextStream & { text(): string } {
  const written: number[] = [];
  return {
    writeSync: (bytes) => {
      const taken = bytes.subarray(0, most);
      written.push(...taken);
      return taken.length;
    },
    text: () => new TextDecoder().decode(new Uint8Array(written)),
  };
}
