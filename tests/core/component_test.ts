import { checkOptions } from "../../core/component.ts";
import { expect } from "expect";
import { z } from "zod";

const schema = z.strictObject({
  lr: z.number().positive().default(1e-6),
  betas: z.tuple([z.number().max(1), z.number().max(1)]).default([0.9, 0.999]),
  schedule: z.enum(["cosine", "constant"]).default("cosine"),
});

const faults = (options: unknown): string[] => {
  try {
    checkOptions("adamw", schema, options);
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return (error as RangeError).message.split("\n");
  }
  return [];
};

Deno.test("checkOptions: gives the options with the defaults filled in", () => {
  expect(checkOptions("adamw", schema, { lr: 1 })).toEqual({
    lr: 1,
    betas: [0.9, 0.999],
    schedule: "cosine",
  });
});

Deno.test("checkOptions: an unknown option is named, with the nearest known one", () => {
  expect(faults({ shedule: "cosine" })).toEqual([
    `adamw: there is no option "shedule"; did you mean "schedule"?`,
  ]);
});

Deno.test("checkOptions: an unknown option that is near to none is only named", () => {
  expect(faults({ momentumCorrection: 1 })).toEqual([
    `adamw: there is no option "momentumCorrection"`,
  ]);
});

Deno.test("checkOptions: tells all faults at once, one a line, each by its path", () => {
  const lines = faults({ lr: -1, betas: [0.5, 3], schedule: "linear", beta: 1, shedule: 1 });
  expect(lines.map((line) => line.split(":")[0]).sort()).toEqual(
    ["adamw", "adamw", "adamw.betas.1", "adamw.lr", "adamw.schedule"],
  );
  expect(lines).toContain(`adamw: there is no option "beta"; did you mean "betas"?`);
  expect(lines).toContain(`adamw: there is no option "shedule"; did you mean "schedule"?`);
  // What was allowed stands in the line.
  expect(lines.find((line) => line.startsWith("adamw.schedule"))).toMatch(/cosine.*constant/);
});

Deno.test("checkOptions: options that are no object are refused by the component's name", () => {
  expect(faults(3)[0]).toMatch(/^adamw: .*object/);
});
