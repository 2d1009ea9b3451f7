/**
 * Words that go over a line between two processes, each with a text.
 *
 * @module
 */

/** Sends a word. A line that is broken has nobody at its end to say anything to. */
export async function sayWords(line: Deno.Conn, word: string, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(`${word} ${text}\n`);
  try {
    for (let start = 0; start < bytes.length;) start += await line.write(bytes.subarray(start));
  } catch {
    // The other end notices that as well.
  }
}

/** What comes over a line until it ends or breaks. */
export async function* readWords(
  line: Deno.Conn,
): AsyncGenerator<readonly [word: string, text: string]> {
  let rest = "";
  try {
    for await (const part of line.readable.pipeThrough(new TextDecoderStream())) {
      const words = (rest + part).split("\n");
      rest = words.pop()!;
      for (const each of words) {
        const gap = each.indexOf(" ");
        yield [each.slice(0, gap), each.slice(gap + 1)];
      }
    }
  } catch {
    // Broken: its process is gone.
  }
}
