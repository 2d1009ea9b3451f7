import { expect } from "expect";
import { nameList } from "../../core/name_list.ts";
import { parseAssignment } from "../../core/parse_assignment.ts";

Deno.test("parseAssignment, nameList: a list in every form that a shell passes on", () => {
  const listed = (value: string) => nameList(parseAssignment(`evaluators=${value}`).value);
  const both = ["sugarCrepe", "cola"];
  for (const value of ['["sugarCrepe","cola"]', "[sugarCrepe,cola]", "[sugarCrepe, cola]"]) {
    expect(listed(value)).toEqual(both);
  }
  for (const value of ["sugarCrepe,cola", "sugarCrepe, cola", "'sugarCrepe','cola'"]) {
    expect(listed(value)).toEqual(both);
  }
  expect(listed("sugarCrepe")).toEqual(["sugarCrepe"]);
  for (const value of ["none", "", "[]", '"none"']) expect(listed(value)).toEqual([]);
  // What is no list of names is refused where it is used.
  expect(listed("3")).toBe(3);
  expect(listed("{}")).toEqual({});
});

Deno.test("parseAssignment: lists without quotes hold JSON where it parses; brackets inside are text", () => {
  expect(parseAssignment("optimizer.betas=[0.9,x]").value).toEqual([0.9, "x"]);
  expect(parseAssignment("data.path=[~/a.tar,b.tar]").value).toEqual(["~/a.tar", "b.tar"]);
  expect(parseAssignment("data.path=[a.csv").value).toBe("[a.csv");
  expect(parseAssignment("data.path=[a]b[c]").value).toBe("[a]b[c]");
});
