import { c2lipLoss, c2lipPooledLoss } from "../../../plugins/c2lip/loss.ts";
import { expectSteps, readGolden } from "../../helpers/golden_steps.ts";

const { rate, cases: [whole, pooled] } = readGolden("c2lip");

Deno.test("c2lipLoss: three steps equal the authors' code", () =>
  expectSteps(c2lipLoss, { rate, cases: [whole!] }));

Deno.test("c2lipPooledLoss: three steps equal the authors' code, pooled patches too", () =>
  expectSteps(c2lipPooledLoss, { rate, cases: [pooled!] }));
