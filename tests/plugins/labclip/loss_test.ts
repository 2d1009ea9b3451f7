import { labclipLoss } from "../../../plugins/labclip/loss.ts";
import { expectSteps, readGolden } from "../../helpers/golden_steps.ts";

Deno.test("labclipLoss: three steps equal the authors' code", () =>
  expectSteps(labclipLoss, readGolden("labclip")));
