import { readClipAlignLoss } from "../../../plugins/read_clip/loss.ts";
import { expectSteps, readGolden } from "../../helpers/golden_steps.ts";

Deno.test("readClipAlignLoss: three steps equal the authors' code", () =>
  expectSteps(readClipAlignLoss, readGolden("read_clip")));
