/**
 * Implementations of MPI: what their handles and constants are.
 *
 * @module
 */

/** The implementations whose launchers and libraries go together. */
export type Family = "Open MPI" | "MPICH";

/** How a library writes its handles. */
export interface Handles {
  /** The type of a handle as an argument. */
  readonly type: "i32" | "usize";
  /** What asks for calls from several threads at a time. */
  readonly threadMultiple: number;
  /** Those that are constants; Open MPI's are asked for by their numbers in Fortran. */
  readonly constants: Predefined | undefined;
}

/** Handles that every program finds. */
export interface Predefined {
  readonly world: bigint;
  readonly byte: bigint;
  readonly float: bigint;
  readonly sum: bigint;
}

/** Of the standard interface of MPI 5 (its chapter on the ABI): all libraries that have it agree. */
export const standardHandles: Handles = {
  type: "usize",
  threadMultiple: 4096,
  constants: { world: 0x101n, byte: 0x247n, float: 0x210n, sum: 0x21n },
};

/** Of MPICH and those with its interface: Intel MPI, MVAPICH, Cray MPICH. */
export const mpichHandles: Handles = {
  type: "i32",
  threadMultiple: 3,
  constants: {
    world: 0x44000000n,
    byte: 0x4c00010dn,
    float: 0x4c00040an,
    sum: 0x58000003n,
  },
};

/** Of Open MPI, whose handles are addresses. */
export const openMpiHandles: Handles = {
  type: "usize",
  threadMultiple: 3,
  constants: undefined,
};

/** The numbers of Open MPI's handles in Fortran: `MPI_COMM_WORLD`, `MPI_BYTE`, `MPI_SUM`. */
export const fortran = { world: 0, byte: 1, sum: 3 } as const;

/** Whose library it is that calls itself so; undefined if nothing is known of it. */
export function familyOf(version: string): Family | undefined {
  if (/open mpi/i.test(version)) return "Open MPI";
  return /mpich|intel\(r\) mpi|mvapich/i.test(version) ? "MPICH" : undefined;
}
