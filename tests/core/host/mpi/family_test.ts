import { expect } from "expect";
import { familyOf } from "../../../../core/host/mpi/family.ts";

Deno.test("familyOf: knows libraries by what they say of themselves", () => {
  expect(familyOf("Open MPI v4.1.4, ident: 4.1.4, repo rev: v4.1.4, May 26, 2022"))
    .toBe("Open MPI");
  expect(familyOf("MPICH Version: 4.0.2")).toBe("MPICH");
  expect(familyOf("Intel(R) MPI Library 2021.10 for Linux* OS")).toBe("MPICH");
  expect(familyOf("MVAPICH Version: 3.0")).toBe("MPICH");
  expect(familyOf("MPI VERSION    : CRAY MPICH version 8.1.25.17")).toBe("MPICH");
  expect(familyOf("something else")).toBeUndefined();
});
