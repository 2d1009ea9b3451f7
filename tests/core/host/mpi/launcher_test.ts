import { expect } from "expect";
import { findLaunch } from "../../../../core/host/mpi/launcher.ts";

const found = (variables: Readonly<Record<string, string>>) =>
  findLaunch((name) => variables[name]);

Deno.test("findLaunch: knows each launcher by its variables", () => {
  expect(found({})).toBeUndefined();
  expect(found({ OMPI_COMM_WORLD_RANK: "1", OMPI_COMM_WORLD_SIZE: "4", PMIX_RANK: "1" }))
    .toEqual({ launcher: "mpirun of Open MPI", family: "Open MPI", rank: 1, size: 4 });
  expect(found({ PMI_RANK: "0", PMI_SIZE: "2", PMI_FD: "6" }))
    .toEqual({ launcher: "mpirun of MPICH", family: "MPICH", rank: 0, size: 2 });
});

Deno.test("findLaunch: srun is followed whichever interface it speaks", () => {
  const step = { SLURM_PROCID: "3", SLURM_STEP_NUM_TASKS: "8" };
  const expected = { launcher: "srun", rank: 3, size: 8 };
  expect(found(step)).toEqual({ ...expected, family: undefined });
  expect(found({ ...step, PMIX_RANK: "3" })).toEqual({ ...expected, family: "Open MPI" });
  expect(found({ ...step, PMI_FD: "9", PMI_RANK: "3", PMI_SIZE: "8" }))
    .toEqual({ ...expected, family: "MPICH" });
  // mpirun within an allocation of Slurm is mpirun.
  expect(found({ ...step, OMPI_COMM_WORLD_RANK: "0", OMPI_COMM_WORLD_SIZE: "2" })?.launcher)
    .toBe("mpirun of Open MPI");
});

Deno.test("findLaunch: a batch script and a launch of one are alone", () => {
  expect(found({ SLURM_PROCID: "0", SLURM_NTASKS: "4", SLURM_JOB_ID: "7" })).toBeUndefined();
  expect(found({ PMI_RANK: "0", PMI_SIZE: "1" })).toBeUndefined();
});

Deno.test("findLaunch: variables that do not go together are refused", () => {
  expect(() => found({ PMI_RANK: "2", PMI_SIZE: "2" })).toThrow(
    new RangeError(
      "mpirun of MPICH: expected PMI_RANK to be a whole number below PMI_SIZE, found PMI_RANK=2 " +
        "and PMI_SIZE=2",
    ),
  );
  expect(() => found({ PMI_RANK: "x", PMI_SIZE: "2" })).toThrow(RangeError);
});
