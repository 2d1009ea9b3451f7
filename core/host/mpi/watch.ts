/**
 * How a job notices that one of its processes is gone: each has a line to a program that watches, which
 * breaks when the process ends, in whatever way.
 *
 * @module
 */
import type { WatchedJob } from "./watch_server.ts";
import { readWords, sayWords } from "./words.ts";

/** A process's line. */
export interface Watch {
  /** Whether there is one; without it only the launcher notices the process's end. */
  readonly connected: boolean;
  /** Tells why this process gives up; the job is then ended. */
  report(text: string): Promise<void>;
  /** Says that this process ends because somebody outside has asked it to: it is not the first to die. */
  asked(): Promise<void>;
  /** Says that this process ends as it should. */
  leave(): Promise<void>;
  /** Tells which folder the job could go on from; the first process does. */
  resumesFrom(folder: string): void;
}

/** What a process needs for its line. */
export interface WatchOptions {
  readonly rank: number;
  /** The processes by rank, for people. */
  readonly names: readonly string[];
  /** Gives all processes what the first one says. */
  readonly tell: (words: readonly string[]) => Promise<readonly string[]>;
  /** Is called when another process is gone, which has been said. */
  readonly onGone: () => void;
}

/** Where the program is to be found. */
interface Place extends Pick<WatchedJob, "token"> {
  readonly addresses: readonly string[];
  readonly port: number;
}

/** Milliseconds until an address counts as one that cannot be reached. */
const PATIENCE = 3000;

/** Opens the line of a process; all must do so. The first one starts the program that watches. */
export async function watchProcesses(
  { rank, names, tell, onGone }: WatchOptions,
): Promise<Watch> {
  const started = rank === 0 ? await startServer(names) : undefined;
  const words = started === undefined ? [] : [JSON.stringify(started.place)];
  const [text] = await tell(words);
  const place = text === undefined ? undefined : JSON.parse(text) as Place;
  const line = place === undefined ? undefined : await connectToAny(place);
  const resumesFrom = (folder: string) => started?.tell(folder);
  if (place === undefined || line === undefined) {
    const nothing = () => Promise.resolve();
    return { connected: false, report: nothing, asked: nothing, leave: nothing, resumesFrom };
  }
  await sayWords(line, place.token, `${rank}`);
  (async () => {
    for await (const [word] of readWords(line)) if (word === "gone") onGone();
  })();
  return {
    connected: true,
    report: (text) => sayWords(line, "report", JSON.stringify(text)),
    asked: () => sayWords(line, "asked", ""),
    leave: () => sayWords(line, "bye", ""),
    resumesFrom,
  };
}

/** Starts the program; undefined where that is not allowed. */
async function startServer(names: readonly string[]) {
  const job: WatchedJob = { names, token: crypto.randomUUID() };
  const deno = [Deno.execPath(), "run", "-A", "-q", import.meta.resolve("./watch_server.ts")];
  // In a session of its own: a launcher that ends all that it has started does not end it.
  const [program, ...args] = Deno.build.os === "linux" ? ["setsid", ...deno] : deno;
  try {
    const child = new Deno.Command(program!, {
      args,
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    child.unref();
    const writer = child.stdin.getWriter();
    const say = (line: string) => writer.write(new TextEncoder().encode(`${line}\n`));
    await say(JSON.stringify(job));
    const { value } = await child.stdout.getReader().read();
    const place: Place = {
      addresses: ownAddresses(),
      port: Number(new TextDecoder().decode(value)),
      token: job.token,
    };
    return { place, tell: (folder: string) => void say(folder).catch(() => {}) };
  } catch {
    return undefined;
  }
}

/** The machine's own address reaches nobody but its neighbours, so it is tried last. */
function ownAddresses(): readonly string[] {
  const all = Deno.networkInterfaces().filter(({ family }) => family === "IPv4")
    .map(({ address }) => address);
  const isOwn = (address: string) => address.startsWith("127.");
  return [...all.filter((each) => !isOwn(each)), ...all.filter(isOwn)];
}

async function connectToAny({ addresses, port }: Place): Promise<Deno.Conn | undefined> {
  for (const hostname of addresses) {
    const connecting = Deno.connect({ hostname, port });
    const late = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE, undefined));
    const line = await Promise.race([connecting.catch(() => undefined), late]);
    if (line !== undefined) return line;
    connecting.then((line) => line.close()).catch(() => {});
  }
  return undefined;
}
