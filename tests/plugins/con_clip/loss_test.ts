import { conClipLoss } from "../../../plugins/con_clip/loss.ts";
import { expectSteps, readGolden } from "../../helpers/golden_steps.ts";

Deno.test("conClipLoss: three steps equal the authors' code", () =>
  expectSteps(conClipLoss, readGolden("con_clip")));
