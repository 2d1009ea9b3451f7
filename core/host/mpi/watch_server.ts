/**
 * Sees the processes of a job end. It is a program of its own, started by the first process, for some
 * launchers end all others the moment that one is gone, and nobody of them would be left to say who it
 * was. It ends when all lines to it have ended.
 *
 * Its input is a line of JSON, {@linkcode WatchedJob}, and then the path of each folder that the job
 * could go on from. Its output is the port that it listens at.
 *
 * @module
 */
import { readWords, sayWords } from "./words.ts";

/** What the watching program is told. */
export interface WatchedJob {
  /** The processes by rank, for people. */
  readonly names: readonly string[];
  /** Begins each line to it; nobody else knows it. */
  readonly token: string;
}

/** Milliseconds in which the first process may say itself what another one reports. */
const GRACE = 2500;

/**
 * Milliseconds in which another one is found to have died: a launcher that notices it first asks the
 * others to end, and all lines then break at once.
 */
const OTHERS = 500;

/** Milliseconds until processes that were told of the end are gone. */
const END = 1000;

if (import.meta.main) await watch();

async function watch(): Promise<void> {
  const input = readLines(Deno.stdin.readable);
  const { names, token } = JSON.parse((await input.next()).value!) as WatchedJob;
  let folder: string | undefined;
  (async () => {
    for await (const line of input) folder = line;
  })();
  const listener = Deno.listen({ hostname: "0.0.0.0", port: 0 });
  const lines = new Map<number, Deno.Conn>();
  let ended = false;
  const end = async (message: string) => {
    if (ended) return;
    ended = true;
    const further = folder === undefined
      ? ""
      : `\n  --resume ${folder} goes on from its last checkpoint`;
    Deno.stderr.writeSync(new TextEncoder().encode(`error: ${message}${further}\n`));
    await Promise.all([...lines.values()].map((line) => sayWords(line, "gone", "")));
    setTimeout(() => Deno.exit(0), END);
  };
  const take = async (line: Deno.Conn) => {
    let rank: number | undefined;
    for await (const [word, text] of readWords(line)) {
      if (rank === undefined) {
        if (word !== token) return line.close();
        rank = Number(text);
        lines.set(rank, line);
      } else if (word === "report") {
        const message = `${names[rank]}: ${JSON.parse(text)}`;
        setTimeout(() => end(message), GRACE);
      } else if (word === "asked") {
        lines.delete(rank);
        const message = `${names[rank]} was asked to end, and the job ends with it`;
        setTimeout(() => end(message), OTHERS);
        return;
      } else if (word === "bye") {
        lines.delete(rank);
        if (lines.size === 0) Deno.exit(0);
        return;
      }
    }
    if (rank === undefined) return;
    lines.delete(rank);
    await end(`${names[rank]} died, and the job ends with it`);
  };
  Deno.stdout.writeSync(new TextEncoder().encode(`${listener.addr.port}\n`));
  for await (const line of listener) take(line);
}

async function* readLines(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
  let rest = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + part).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}
