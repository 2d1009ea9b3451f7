import { tripletClipLoss } from "../../../plugins/triplet_clip/loss.ts";
import { expectSteps, readGolden } from "../../helpers/golden_steps.ts";

Deno.test("tripletClipLoss: three steps equal the authors' code", () =>
  expectSteps(tripletClipLoss, readGolden("triplet_clip")));
