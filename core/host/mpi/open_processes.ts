/**
 * The processes that a launcher has started, as a run sees them.
 *
 * @module
 */
import type { Processes } from "../../processes/processes.ts";
import { startMpi } from "./communicator.ts";
import type { Launch } from "./launcher.ts";
import { findLibrary } from "./library.ts";
import { ownSeat, type Seat, shareOf } from "./machine.ts";
import { mpiExchange } from "./mpi_exchange.ts";
import { watchProcesses } from "./watch.ts";

/** Processes of a job that begins and ends with them. */
export interface HostProcesses extends Processes {
  /** What the first one can tell a person: the library, the machines, the threads. */
  readonly description: readonly string[];
  /**
   * Ends all processes because of an error in this one. The first one says it; what another one has to
   * say it says for it. It does not come back.
   */
  fail(message: string): Promise<never>;
  /** Waits for all processes, and ends what they have in common. */
  close(): Promise<void>;
}

/** Milliseconds in which the launcher may have ended everything, or another process has spoken. */
const GRACE = 5000;

/** Milliseconds in which an end that the first process brings has come to all. */
const END = 2000;

/** Milliseconds between what two processes would have to say of the first one's end. */
const TURN = 300;

/** An interrupted program's exit code: 128 and the number of SIGTERM. */
const TERMINATED = 143;

/**
 * Opens the processes of a launch; all of them must do so.
 *
 * @param variable Gives a variable of the environment.
 * @throws {Error} if there is no MPI library for the launcher, or it cannot be used.
 */
export async function openProcesses(
  launch: Launch,
  variable: (name: string) => string | undefined,
): Promise<HostProcesses> {
  checkLine(launch, variable);
  const library = findLibrary(launch, variable);
  const mpi = startMpi(library, launch);
  const exchange = mpiExchange(mpi.duplicate());
  const beside = mpiExchange(mpi.duplicate());
  const { rank, size } = exchange;
  const seats = (await exchange.gatherNames([JSON.stringify(ownSeat())]))
    .map((text) => JSON.parse(text) as Seat);
  const share = shareOf(seats, rank);
  let folder: string | undefined;

  const end = (message: string, code: number): never => {
    const further = folder === undefined
      ? ""
      : `\n  --resume ${folder} goes on from its last checkpoint`;
    Deno.stderr.writeSync(new TextEncoder().encode(`error: ${message}${further}\n`));
    mpi.abort(code);
    Deno.exit(code);
  };
  const nameOf = (rank: number) => {
    const { host, pid } = seats[rank]!;
    return `process ${rank} of ${size} (${host}, pid ${pid})`;
  };
  let dead: number | undefined;
  const endWith = (gone: number) => end(`${nameOf(gone)} died, and the job ends with it`, 1);
  const watch = await watchProcesses(rank, (words) => exchange.gatherNames(words), {
    onGone: (gone) => {
      dead = gone;
      // The first one may have ended all itself; if it did not, the next one says it.
      const turn = rank === 0 ? 0 : END + (rank - 1) * TURN;
      setTimeout(() => endWith(gone), turn);
    },
    // The first process may have met the same error, and says it in its own name.
    onReport: (from, text) => setTimeout(() => end(`${nameOf(from)}: ${text}`, 1), GRACE / 2),
  });
  Deno.addSignalListener("SIGTERM", () => {
    // The launcher ends all when one is gone, whose line may still tell so.
    setTimeout(() => {
      // The first one speaks; if it is the one that is gone, the next one does.
      if (dead !== undefined && rank === (dead === 0 ? 1 : 0)) endWith(dead);
      if (rank === 0) end("ended from outside", TERMINATED);
      Deno.exit(TERMINATED);
    }, TURN);
  });
  const lines = await exchange.gather(Float32Array.of(watch.connected ? 1 : 0));
  const unreached = seats.flatMap((_, i) => lines[i] === 1 ? [] : [i]);

  return {
    exchange,
    beside,
    onMachine: share.onMachine,
    threads: share.threads,
    resumesFrom: (path) => {
      folder = path;
    },
    description: [
      describe(launch, library.version, seats),
      ...unreached.map((rank) =>
        `${
          nameOf(rank)
        } cannot reach process 0 over the network: should it die, only the launcher ` +
        "notices"
      ),
    ],
    fail: async (message) => {
      if (rank === 0) end(message, 1);
      await watch.report(message);
      // Every process may have met the same error: the first one then says it.
      await new Promise((resolve) => setTimeout(resolve, GRACE));
      return end(`${nameOf(rank)}: ${message}`, 1);
    },
    close: async () => {
      await watch.leave();
      mpi.finalize();
    },
  };
}

function describe({ launcher, size }: Launch, version: string, seats: readonly Seat[]): string {
  const machines = Map.groupBy(seats, ({ machine }) => machine);
  const places = [...machines.values()].map((some) => `${some.length} on ${some[0]!.host}`);
  const shares = seats.map((_, rank) => shareOf(seats, rank));
  const threads = [...new Set(shares.map(({ threads }) => threads))].sort((a, b) => a - b);
  return `${size} processes by ${launcher} (${places.join(", ")}; ${version}), each with ` +
    `${threads.join(" or ")} thread${threads.at(-1) === 1 ? "" : "s"}`;
}

/**
 * MPICH's launcher speaks with a process over an open file, which a program between may have closed;
 * the library would end the process over it with a message about something else.
 */
function checkLine(
  { launcher }: Launch,
  variable: (name: string) => string | undefined,
): void {
  if (launcher === "srun" && !LINES.some((name) => variable(name) !== undefined)) {
    throw new Error(
      "srun: expected one of its interfaces for MPI, found none; srun --mpi=pmix goes with Open MPI, " +
        "srun --mpi=pmi2 with MPICH, and srun --mpi=list names what there is",
    );
  }
  const file = variable("PMI_FD");
  if (file === undefined || Deno.build.os !== "linux") return;
  let flags = CLOSED;
  try {
    const info = Deno.readTextFileSync(`/proc/self/fdinfo/${file}`);
    flags = parseInt(/^flags:\s*(\d+)/m.exec(info)![1]!, 8);
  } catch {
    // It is closed.
  }
  // What is closed when a program starts another one was not handed down: it is some other file.
  if ((flags & CLOSED) === 0) return;
  throw new Error(
    `${launcher}: the line to the launcher (file descriptor ${file}) was closed on the way; start ` +
      "deno itself, not through npx or another program that closes what it does not know",
  );
}

/** What Slurm's interfaces for MPI leave in the environment: PMIx, PMI-2, Cray's. */
const LINES = ["PMIX_RANK", "PMI_FD", "PMI_CONTROL_PORT"];

/** Linux's O_CLOEXEC. */
const CLOSED = 0o2000000;
