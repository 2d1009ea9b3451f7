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

/** Milliseconds in which an error that this process has reported ends the job. */
const GRACE = 10_000;

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
  const names = seats.map(({ host, pid }, rank) =>
    `process ${rank} of ${size} (${host}, pid ${pid})`
  );
  let folder: string | undefined;
  const end = (code: number): never => {
    mpi.abort(code);
    Deno.exit(code);
  };
  const say = (message: string) => {
    const further = folder === undefined
      ? ""
      : `\n  --resume ${folder} goes on from its last checkpoint`;
    Deno.stderr.writeSync(new TextEncoder().encode(`error: ${message}${further}\n`));
  };
  const watch = await watchProcesses({
    rank,
    names,
    tell: (words) => exchange.gatherNames(words),
    onGone: () => end(1),
  });
  // Asked to end from outside, it ends as asked; the launcher ends all where one is gone.
  Deno.addSignalListener("SIGTERM", async () => {
    await watch.asked();
    Deno.exit(TERMINATED);
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
      watch.resumesFrom(path);
    },
    description: [
      describe(launch, library.version, seats),
      ...unreached.map((rank) =>
        `${
          names[rank]
        } cannot reach process 0 over the network: should it die, only the launcher ` +
        "notices"
      ),
    ],
    fail: async (message) => {
      if (rank !== 0 && watch.connected) {
        await watch.report(message);
        // Every process may have met the same error: the first one then says it.
        await new Promise((resolve) => setTimeout(resolve, GRACE));
        return end(1);
      }
      say(rank === 0 ? message : `${names[rank]}: ${message}`);
      await watch.leave();
      return end(1);
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
