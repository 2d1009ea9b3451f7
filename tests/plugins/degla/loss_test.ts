import { deglaLoss } from "../../../plugins/degla/loss.ts";
import { expectSteps, readGolden } from "../../helpers/golden_steps.ts";

Deno.test("deglaLoss: three steps equal the authors' code", () =>
  expectSteps(deglaLoss, readGolden("degla")));
