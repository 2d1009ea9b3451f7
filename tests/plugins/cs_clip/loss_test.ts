import { csClipLoss } from "../../../plugins/cs_clip/loss.ts";
import { expectSteps, readGolden } from "../../helpers/golden_steps.ts";

Deno.test("csClipLoss: three steps equal the authors' code", () =>
  expectSteps(csClipLoss, readGolden("cs_clip")));
