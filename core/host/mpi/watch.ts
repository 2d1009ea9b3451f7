/**
 * How processes notice that one of them is gone: each has a line to the first one, which breaks when
 * its process ends, in whatever way.
 *
 * @module
 */

/** The lines of a process. */
export interface Watch {
  /** Whether the first process can be reached; without a line only the launcher notices an end. */
  readonly connected: boolean;
  /** Tells the first process why this one gives up. */
  report(text: string): Promise<void>;
  /** Says that this process ends as it should. */
  leave(): Promise<void>;
}

/** What is heard of another process. */
export interface WatchEvents {
  /** It is gone without a word. */
  readonly onGone: (rank: number) => void;
  /** It gives up, and says why. */
  readonly onReport: (rank: number, text: string) => void;
}

/** Where the first process is to be found. */
interface Place {
  readonly addresses: readonly string[];
  readonly port: number;
  /** Nobody else knows it. */
  readonly token: string;
}

/** Milliseconds until an address counts as one that cannot be reached. */
const PATIENCE = 3000;

/**
 * Opens the lines of a process; all must call it.
 *
 * @param tell Gives all processes what the first one says.
 */
export async function watchProcesses(
  rank: number,
  tell: (words: readonly string[]) => Promise<readonly string[]>,
  events: WatchEvents,
): Promise<Watch> {
  return rank === 0 ? await watchOthers(tell, events) : await watchFirst(rank, tell, events);
}

async function watchOthers(
  tell: (words: readonly string[]) => Promise<readonly string[]>,
  events: WatchEvents,
): Promise<Watch> {
  const listener = Deno.listen({ hostname: "0.0.0.0", port: 0 });
  const own = Deno.networkInterfaces().filter(({ family }) => family === "IPv4")
    .map(({ address }) => address);
  const place: Place = {
    // The machine's own address reaches nobody but its neighbours, and these at once.
    addresses: [...own.filter((each) => !isLoopback(each)), ...own.filter(isLoopback)],
    port: listener.addr.port,
    token: crypto.randomUUID(),
  };
  const lines = new Set<Deno.Conn>();
  const take = async (line: Deno.Conn) => {
    let rank: number | undefined;
    for await (const [word, text] of messages(line)) {
      if (rank === undefined) {
        if (word !== place.token) return line.close();
        rank = Number(text);
        lines.add(line);
      } else if (word === "report") {
        events.onReport(rank, JSON.parse(text));
      } else if (word === "bye") return;
    }
    if (rank !== undefined) events.onGone(rank);
  };
  (async () => {
    for await (const line of listener) take(line);
  })().catch(() => {});
  await tell([JSON.stringify(place)]);
  return {
    connected: true,
    report: () => Promise.resolve(),
    leave: async () => {
      await Promise.all([...lines].map((line) => say(line, "bye", "")));
      listener.close();
    },
  };
}

async function watchFirst(
  rank: number,
  tell: (words: readonly string[]) => Promise<readonly string[]>,
  events: WatchEvents,
): Promise<Watch> {
  const [text] = await tell([]);
  const { addresses, port, token } = JSON.parse(text!) as Place;
  const line = await connectToAny(addresses, port);
  if (line === undefined) {
    const nothing = () => Promise.resolve();
    return { connected: false, report: nothing, leave: nothing };
  }
  await say(line, token, `${rank}`);
  (async () => {
    for await (const [word] of messages(line)) if (word === "bye") return;
    events.onGone(0);
  })();
  return {
    connected: true,
    report: (text) => say(line, "report", JSON.stringify(text)),
    leave: () => say(line, "bye", ""),
  };
}

async function connectToAny(
  addresses: readonly string[],
  port: number,
): Promise<Deno.Conn | undefined> {
  for (const hostname of addresses) {
    const connecting = Deno.connect({ hostname, port });
    const late = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE, undefined));
    const line = await Promise.race([connecting.catch(() => undefined), late]);
    if (line !== undefined) return line;
    connecting.then((line) => line.close()).catch(() => {});
  }
  return undefined;
}

/** A line that is broken has nobody at its end to say anything to. */
async function say(line: Deno.Conn, word: string, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(`${word} ${text}\n`);
  try {
    for (let start = 0; start < bytes.length;) start += await line.write(bytes.subarray(start));
  } catch {
    // The other end notices that as well.
  }
}

/** What comes over a line until it ends or breaks. */
async function* messages(line: Deno.Conn): AsyncGenerator<readonly [word: string, text: string]> {
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

function isLoopback(address: string): boolean {
  return address.startsWith("127.");
}
