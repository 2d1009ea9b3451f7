/** Bytes to lines of text; the last one needs no end. */
export class TextLineStream extends TransformStream<Uint8Array<ArrayBuffer>, string> {
  /** Starts with nothing. */
  constructor() {
    const decoder = new TextDecoder();
    let rest = "";
    super({
      transform(bytes, out) {
        const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
        rest = lines.pop()!;
        for (const line of lines) out.enqueue(line);
      },
      flush(out) {
        if (rest !== "") out.enqueue(rest);
      },
    });
  }
}
