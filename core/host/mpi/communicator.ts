/**
 * MPI's communicators as JavaScript sees them: calls that let the event loop go on.
 *
 * @module
 */
import { concatenate } from "../../concatenate.ts";
import { fortran, type Handles, type Predefined } from "./family.ts";
import { bindFortran, bindLibrary, type MpiLibrary } from "./library.ts";
import type { Launch } from "./launcher.ts";

type Functions = ReturnType<typeof bindLibrary>;

/** MPI in use by this process. */
export interface Mpi {
  /** A communicator of all processes that no other call can get between. */
  duplicate(): Communicator;
  /** Ends all processes. */
  abort(code: number): void;
  /** Ends the use of MPI, once all have come here. */
  finalize(): void;
}

/**
 * The processes, and what they do together: one call after another, all the same in the same order.
 */
export interface Communicator {
  readonly rank: number;
  readonly size: number;
  /** The bytes of all, those of the first one first. */
  gather(bytes: Uint8Array): Promise<Uint8Array>;
  /**
   * Adds values up over all processes, of which each gets the sums of its part.
   *
   * @param values The parts of all, those of the first one first; outside the heap.
   * @param counts How many values each part has.
   * @param into As long as this process's part, outside the heap.
   */
  sumParts(
    values: Float32Array<ArrayBuffer>,
    counts: readonly number[],
    into: Float32Array<ArrayBuffer>,
  ): Promise<void>;
  /**
   * Gives the part of each process to all.
   *
   * @param own This process's part; outside the heap.
   * @param counts How many values each part has.
   * @param into Gets the parts of all, those of the first one first; outside the heap.
   */
  shareParts(
    own: Float32Array<ArrayBuffer>,
    counts: readonly number[],
    into: Float32Array<ArrayBuffer>,
  ): Promise<void>;
}

/**
 * Starts MPI. It can be started once in a process.
 *
 * @throws {Error} if the library does not see the processes that the launcher has started, or does
 *   not take calls from several threads.
 */
export function startMpi({ path, version, family, handles }: MpiLibrary, launch: Launch): Mpi {
  const mpi = bindLibrary(path, handles.type);
  const provided = place(1);
  check("MPI_Init_thread", mpi.MPI_Init_thread(0n, 0n, handles.threadMultiple, provided));
  const { world, ...types } = handles.constants ?? openMpiHandles(path);
  const { rank, size } = standing(mpi, handles, world);
  if (size !== launch.size || rank !== launch.rank) {
    throw new Error(
      `${launch.launcher} has started ${launch.size} processes, of which this is ${launch.rank}; ` +
        `${path} (${version}) sees ${size}, of which this is ${rank}: it does not know this ` +
        `launcher${
          launch.launcher === "srun" ? "; srun --mpi=list names what else there is" : ""
        }; SYNTAGMA_MPI can name the library that came with it`,
    );
  }
  if (provided[0]! < handles.threadMultiple) {
    throw new Error(
      `${path} (${version}): expected a library that takes calls from several threads ` +
        `(MPI_THREAD_MULTIPLE), found one of ${family} that does not`,
    );
  }
  return {
    duplicate: () => {
      const handle = new BigUint64Array(new ArrayBuffer(8));
      check("MPI_Comm_dup", mpi.MPI_Comm_dup(argument(handles, world), handle));
      return communicator(mpi, handles, { ...types, world: handle[0]! }, { rank, size });
    },
    abort: (code) => {
      mpi.MPI_Abort(argument(handles, world), code);
    },
    finalize: () => {
      mpi.MPI_Finalize();
    },
  };
}

function standing(mpi: Functions, handles: Handles, world: bigint) {
  const [rank, size] = [place(1), place(1)];
  check("MPI_Comm_rank", mpi.MPI_Comm_rank(argument(handles, world), rank));
  check("MPI_Comm_size", mpi.MPI_Comm_size(argument(handles, world), size));
  return { rank: rank[0]!, size: size[0]! };
}

function openMpiHandles(path: string): Predefined {
  const library = bindFortran(path);
  return {
    world: library.MPI_Comm_f2c(fortran.world),
    byte: library.MPI_Type_f2c(fortran.byte),
    float: findFloat(library),
    sum: library.MPI_Op_f2c(fortran.sum),
  };
}

/** The type of C's float has no number in Fortran's interface; it stands behind those that have one. */
function findFloat(library: ReturnType<typeof bindFortran>): bigint {
  const text = new Uint8Array(new ArrayBuffer(1024));
  const length = place(1);
  for (let number = 1; number < 128; number++) {
    const type = library.MPI_Type_f2c(number);
    if (type === 0n) continue;
    library.MPI_Type_get_name(type, text, length);
    if (new TextDecoder().decode(text.subarray(0, length[0])) === "MPI_FLOAT") return type;
  }
  throw new Error("Open MPI: expected a type MPI_FLOAT, found none");
}

/** Values outside the heap, where nothing moves them while MPI works on them. */
function place(length: number): Int32Array<ArrayBuffer> {
  return new Int32Array(new ArrayBuffer(4 * length));
}

// A handle is an int or an address; the FFI takes only what the function was declared with.
function argument({ type }: Handles, handle: bigint): never {
  return (type === "i32" ? Number(BigInt.asIntN(32, handle)) : handle) as never;
}

function check(name: string, code: number): void {
  if (code !== 0) throw new Error(`${name} failed with error ${code}`);
}

/** The most bytes that all processes together send in one call: lengths are ints. */
const MOST = 2 ** 30;

/** Milliseconds that a wait looks again and again before it sleeps between two looks. */
const EAGER = 0.2;

function communicator(
  mpi: Functions,
  handles: Handles,
  own: Predefined,
  { rank, size }: { readonly rank: number; readonly size: number },
): Communicator {
  const [comm, byte, float, sum] = [own.world, own.byte, own.float, own.sum]
    .map((handle) => argument(handles, handle)) as [never, never, never, never];
  /** Begins a call and waits for its end, without a thread that waits in a busy loop. */
  const wait = async (name: string, begin: (request: BigUint64Array<ArrayBuffer>) => number) => {
    const request = new BigUint64Array(new ArrayBuffer(8));
    const flag = place(1);
    // Larger than any library's MPI_Status.
    const status = place(16);
    check(name, begin(request));
    const started = performance.now();
    while (true) {
      check("MPI_Test", mpi.MPI_Test(request, flag, status));
      if (flag[0] !== 0) return;
      await (performance.now() - started < EAGER ? Promise.resolve() : sleep(1));
    }
  };
  /** Comes back when all are here: who is early does not take the others' processor. */
  const meet = () => wait("MPI_Ibarrier", (request) => mpi.MPI_Ibarrier(comm, request));
  const gatherRound = async (bytes: Uint8Array): Promise<readonly Uint8Array[]> => {
    const [mine, counts] = [place(1), place(size)];
    mine[0] = bytes.length;
    await wait(
      "MPI_Iallgather",
      (request) => mpi.MPI_Iallgather(mine, 4, byte, counts, 4, byte, comm, request),
    );
    const starts = startsOf(counts);
    const total = starts.at(-1)! + counts.at(-1)!;
    const sent = new Uint8Array(new ArrayBuffer(Math.max(1, bytes.length)));
    sent.set(bytes);
    const all = new Uint8Array(new ArrayBuffer(Math.max(1, total)));
    // All are here now, so that this thread of its own does not wait for long.
    check(
      "MPI_Allgatherv",
      await mpi.MPI_Allgatherv(sent, bytes.length, byte, all, counts, starts, byte, comm),
    );
    return Array.from(counts, (count, i) => all.subarray(starts[i]!, starts[i]! + count));
  };
  const most = Math.floor(MOST / size);
  return {
    rank,
    size,
    gather: async (bytes) => {
      const rounds: (readonly Uint8Array[])[] = [];
      for (let start = 0; rounds.length === 0 || isFull(rounds.at(-1)!, most); start += most) {
        rounds.push(await gatherRound(bytes.subarray(start, start + most)));
      }
      return joined(rounds, size);
    },
    sumParts: async (values, counts, into) => {
      await meet();
      const lengths = new Int32Array(counts);
      check(
        "MPI_Reduce_scatter",
        await mpi.MPI_Reduce_scatter(values, into, lengths, float, sum, comm),
      );
    },
    shareParts: async (own, counts, into) => {
      await meet();
      const only = counts.findIndex((count) => count > 0);
      if (counts.indexOf(into.length) === only) {
        // One process has all: libraries send that to many at once better so.
        if (rank === only) into.set(own);
        check("MPI_Bcast", await mpi.MPI_Bcast(into, into.length, float, only as never, comm));
        return;
      }
      const lengths = new Int32Array(counts);
      check(
        "MPI_Allgatherv",
        await mpi.MPI_Allgatherv(
          own,
          own.length,
          float,
          into,
          lengths,
          startsOf(lengths),
          float,
          comm,
        ),
      );
    },
  };
}

/** Where parts of these lengths begin, one after another. */
function startsOf(counts: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const starts = place(counts.length);
  for (let i = 1; i < counts.length; i++) starts[i] = starts[i - 1]! + counts[i - 1]!;
  return starts;
}

/** Whether a process may have more to send. */
function isFull(round: readonly Uint8Array[], most: number): boolean {
  return round.some(({ length }) => length === most);
}

function joined(rounds: readonly (readonly Uint8Array[])[], size: number): Uint8Array {
  const parts = Array.from({ length: size }, (_, i) => rounds.map((round) => round[i]!)).flat();
  return concatenate(Uint8Array, parts);
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
