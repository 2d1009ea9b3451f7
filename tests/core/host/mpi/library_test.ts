import { expect } from "expect";
import { findLibrary } from "../../../../core/host/mpi/library.ts";
import { hasMpi } from "../../../helpers/mpi/launchers.ts";

const launch = { launcher: "mpirun of MPICH", family: "MPICH", rank: 0, size: 2 } as const;
const variable = (variables: Readonly<Record<string, string>>) => (name: string) => variables[name];

Deno.test("findLibrary: a file that is named and is no library is refused by name", () => {
  const named = variable({ SYNTAGMA_MPI: "/dev/null" });
  expect(() => findLibrary(launch, named)).toThrow(
    "SYNTAGMA_MPI: expected the path of an MPI library, found /dev/null",
  );
});

Deno.test({
  name: "findLibrary: takes the launcher's own implementation where both are there",
  ignore: !hasMpi("Open MPI") || !hasMpi("MPICH"),
  fn: () => {
    const found = findLibrary(launch, variable({}));
    expect([found.family, found.handles.type]).toEqual(["MPICH", "i32"]);
    expect(found.version).toMatch(/^MPICH Version: \d/);
    const other = findLibrary(
      { launcher: "mpirun of Open MPI", family: "Open MPI", rank: 0, size: 2 },
      variable({}),
    );
    expect([other.family, other.handles.type]).toEqual(["Open MPI", "usize"]);
    // A library that is named has to go with the launcher.
    expect(() => findLibrary(launch, variable({ SYNTAGMA_MPI: other.path })))
      .toThrow(/is Open MPI v.*started by mpirun of MPICH: a library and a launcher of two/);
  },
});
