/**
 * Which launcher has started this process, by what it leaves in the environment.
 *
 * @module
 */

/** Whose library a launcher speaks with. */
type Family = "Open MPI" | "MPICH";

/** A start as one process of several. */
export interface Launch {
  /** For people: `"mpirun of Open MPI"`. */
  readonly launcher: string;
  /** Whose library speaks with it; undefined where either may. */
  readonly family: Family | undefined;
  /** Which of the processes this one is. */
  readonly rank: number;
  /** How many were started. */
  readonly size: number;
}

/** The variables of each launcher. The first one that is there counts: Slurm's stand under others too. */
const launchers = [
  {
    launcher: "mpirun of Open MPI",
    family: "Open MPI",
    rank: "OMPI_COMM_WORLD_RANK",
    size: "OMPI_COMM_WORLD_SIZE",
  },
  {
    launcher: "srun",
    family: undefined,
    rank: "SLURM_PROCID",
    // Of the step; a batch script, which is one process, has SLURM_NTASKS alone.
    size: "SLURM_STEP_NUM_TASKS",
  },
  { launcher: "mpirun of MPICH", family: "MPICH", rank: "PMI_RANK", size: "PMI_SIZE" },
] as const;

/**
 * How this process was started; undefined if it is alone.
 *
 * @param variable Gives a variable of the environment.
 * @throws {RangeError} if a launcher's variables are no numbers that go together.
 */
export function findLaunch(variable: (name: string) => string | undefined): Launch | undefined {
  for (const { launcher, family, rank, size } of launchers) {
    const [place, count] = [variable(rank), variable(size)];
    if (place === undefined || count === undefined) continue;
    const found = { rank: Number(place), size: Number(count) };
    if (!isWhole(found.rank) || !isWhole(found.size) || found.rank >= found.size) {
      throw new RangeError(
        `${launcher}: expected ${rank} to be a whole number below ${size}, found ${rank}=${place} ` +
          `and ${size}=${count}`,
      );
    }
    return found.size === 1
      ? undefined
      : { launcher, family: familyOf(family, variable), ...found };
  }
  return undefined;
}

/** Slurm speaks PMIx, as Open MPI does, or PMI, as MPICH does. */
function familyOf(
  own: Family | undefined,
  variable: (name: string) => string | undefined,
): Family | undefined {
  if (own !== undefined) return own;
  if (variable("PMIX_RANK") !== undefined) return "Open MPI";
  return variable("PMI_FD") !== undefined ? "MPICH" : undefined;
}

function isWhole(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
