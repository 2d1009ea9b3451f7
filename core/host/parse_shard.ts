import { formatShard, type Shard } from "../shard.ts";

/** What a scheduler tells a task of an array of its place. */
interface Scheduler {
  readonly name: string;
  /** The variable with the task's number. */
  readonly number: string;
  /** The variable with the first task's number, or that number where it is always the same. */
  readonly first: string | number;
  /** The variables with the last number, or with how many tasks there are. */
  readonly last?: string;
  readonly count?: string;
  /** The variable with the distance between two numbers. */
  readonly step?: string;
  /** The number from which arrays are counted by custom. Default 0. */
  readonly usual?: number;
}

const SCHEDULERS: readonly Scheduler[] = [
  {
    name: "Slurm",
    number: "SLURM_ARRAY_TASK_ID",
    first: "SLURM_ARRAY_TASK_MIN",
    last: "SLURM_ARRAY_TASK_MAX",
    count: "SLURM_ARRAY_TASK_COUNT",
    step: "SLURM_ARRAY_TASK_STEP",
  },
  { name: "Kubernetes", number: "JOB_COMPLETION_INDEX", first: 0 },
  {
    name: "Grid Engine",
    number: "SGE_TASK_ID",
    first: "SGE_TASK_FIRST",
    last: "SGE_TASK_LAST",
    step: "SGE_TASK_STEPSIZE",
    usual: 1,
  },
  { name: "LSF", number: "LSB_JOBINDEX", first: 1, last: "LSB_JOBINDEX_END", usual: 1 },
  { name: "PBS", number: "PBS_ARRAY_INDEX", first: 0 },
  { name: "Torque", number: "PBS_ARRAYID", first: 0 },
  {
    name: "AWS Batch",
    number: "AWS_BATCH_JOB_ARRAY_INDEX",
    first: 0,
    count: "AWS_BATCH_JOB_ARRAY_SIZE",
  },
  { name: "Google Batch", number: "BATCH_TASK_INDEX", first: 0, count: "BATCH_TASK_COUNT" },
  { name: "Cloud Run", number: "CLOUD_RUN_TASK_INDEX", first: 0, count: "CLOUD_RUN_TASK_COUNT" },
];

/**
 * The part of a work that an option names: `2/8` is the second of eight; `auto` is that of a task in
 * an array of Slurm, Grid Engine, LSF, AWS Batch, Google Batch or Cloud Run, `auto/8` that of a task
 * whose scheduler says only which one it is (Kubernetes, PBS, Torque), or of an array of which some
 * tasks alone run again (`--array=3,5`); tasks then count from 0 (Grid Engine and LSF from 1), as they
 * did before.
 *
 * @param read Reads a variable of the environment.
 * @throws {RangeError} if it is neither, or the environment does not tell.
 */
export function parseShard(text: string, read: (name: string) => string | undefined): Shard {
  const written = /^(auto|\d+)(?:\/(\d+))?$/.exec(text.trim());
  const [, which, of] = written ?? [];
  if (which === undefined || which !== "auto" && of === undefined) {
    throw new RangeError(`--shard: expected a part such as 2/8, auto or auto/8, found "${text}"`);
  }
  const shard = which === "auto"
    ? ofEnvironment(of === undefined ? undefined : Number(of), text, read)
    : { number: Number(which), count: Number(of) };
  if (shard.number >= 1 && shard.number <= shard.count) return shard;
  throw new RangeError(
    `--shard ${text}: expected a part from 1 to ${shard.count}, found ${formatShard(shard)}`,
  );
}

function ofEnvironment(
  given: number | undefined,
  text: string,
  read: (name: string) => string | undefined,
): Shard {
  const scheduler = SCHEDULERS.find(({ number }) => isWhole(read(number)));
  if (scheduler === undefined) {
    const names = SCHEDULERS.map(({ number }) => number).join(", ");
    throw new RangeError(
      `--shard ${text}: expected one of ${names} in the environment, found none`,
    );
  }
  const { name, first, step, usual = 0 } = scheduler;
  const number = Number(read(scheduler.number));
  const valueOf = (variable: string | undefined) =>
    variable !== undefined && isWhole(read(variable)) ? Number(read(variable)) : undefined;
  const from = typeof first === "number" ? first : valueOf(first);
  if (given !== undefined) {
    // Of an array that runs in part the first number is not that of the first task.
    return { number: number - usual + 1, count: given };
  }
  const last = valueOf(scheduler.last);
  const count = valueOf(scheduler.count) ??
    (last === undefined || from === undefined ? undefined : last - from + 1);
  if (count === undefined) {
    throw new RangeError(
      `--shard auto: expected how many tasks there are, which ${name} does not say; write auto/8 ` +
        "for eight",
    );
  }
  const isWholeArray = (valueOf(step) ?? 1) === 1 && from !== undefined && from <= 1 &&
    (last === undefined || last - from + 1 === count);
  if (!isWholeArray) {
    throw new RangeError(
      `--shard auto: expected an array from 0 or 1 without gaps, found ${count} tasks from ` +
        `${from} to ${last}; where some tasks run again write auto/8, of eight in all`,
    );
  }
  return { number: number - from + 1, count };
}

function isWhole(text: string | undefined): boolean {
  return text !== undefined && /^\d+$/.test(text);
}
