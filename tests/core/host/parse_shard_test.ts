import { expect } from "expect";
import { parseShard } from "../../../core/host/parse_shard.ts";
import { formatShard } from "../../../core/shard.ts";

const parse = (text: string, variables: Readonly<Record<string, string>> = {}) =>
  formatShard(parseShard(text, (name) => variables[name]));

/** What Slurm sets for a task of `--array=<from>-<to>:<step>`. */
const slurm = (id: number, from: number, to: number, count = to - from + 1, step = 1) => ({
  SLURM_ARRAY_TASK_ID: String(id),
  SLURM_ARRAY_TASK_MIN: String(from),
  SLURM_ARRAY_TASK_MAX: String(to),
  SLURM_ARRAY_TASK_COUNT: String(count),
  SLURM_ARRAY_TASK_STEP: String(step),
});

Deno.test("parseShard: a part that is written out, and nothing else", () => {
  expect(parse("2/8")).toBe("2/8");
  expect(parse("8/8")).toBe("8/8");
  for (const text of ["0/8", "9/8", "1/0", "2", "2/", "/8", "a/8", "-1/8", "1.5/8", ""]) {
    expect(() => parse(text)).toThrow(RangeError);
  }
});

Deno.test("parseShard: a task of an array, as each scheduler tells it", () => {
  expect(parse("auto", slurm(0, 0, 7))).toBe("1/8");
  expect(parse("auto", slurm(8, 1, 8))).toBe("8/8");
  expect(parse("auto/8", { JOB_COMPLETION_INDEX: "3" })).toBe("4/8");
  const sge = { SGE_TASK_ID: "2", SGE_TASK_FIRST: "1", SGE_TASK_LAST: "4", SGE_TASK_STEPSIZE: "1" };
  expect(parse("auto", sge)).toBe("2/4");
  expect(parse("auto/8", sge)).toBe("2/8");
  expect(parse("auto", { LSB_JOBINDEX: "4", LSB_JOBINDEX_END: "4" })).toBe("4/4");
  expect(parse("auto/8", { PBS_ARRAY_INDEX: "0" })).toBe("1/8");
  const aws = { AWS_BATCH_JOB_ARRAY_INDEX: "0", AWS_BATCH_JOB_ARRAY_SIZE: "5" };
  expect(parse("auto", aws)).toBe("1/5");
  expect(parse("auto/8", { PBS_ARRAYID: "7" })).toBe("8/8");
  expect(parse("auto", { BATCH_TASK_INDEX: "1", BATCH_TASK_COUNT: "3" })).toBe("2/3");
  expect(parse("auto", { CLOUD_RUN_TASK_INDEX: "4", CLOUD_RUN_TASK_COUNT: "5" })).toBe("5/5");
});

Deno.test("parseShard: a job of Grid Engine that is no array has no part", () => {
  expect(() => parse("auto", { SGE_TASK_ID: "undefined" })).toThrow("found none");
});

Deno.test("parseShard: what the environment leaves open is refused", () => {
  expect(() => parse("auto")).toThrow("SLURM_ARRAY_TASK_ID");
  expect(() => parse("auto", { JOB_COMPLETION_INDEX: "3" })).toThrow("write auto/8 for eight");
  // Tasks 3 and 5 of eight that run again: it is not told that there were eight.
  expect(() => parse("auto", slurm(3, 3, 5, 2))).toThrow("found 2 tasks from 3 to 5");
  expect(parse("auto/8", slurm(3, 3, 5, 2))).toBe("4/8");
  expect(() => parse("auto", slurm(3, 3, 3))).toThrow("an array from 0 or 1");
  expect(() => parse("auto", slurm(4, 0, 4, 3, 2))).toThrow("without gaps");
  expect(() => parse("auto/3", slurm(3, 0, 3))).toThrow("expected a part from 1 to 3, found 4/3");
});
