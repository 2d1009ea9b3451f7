import { fscClipGlobalLoss, fscClipLoss } from "../../../plugins/fsc_clip/loss.ts";
import { expectSteps, readGolden } from "../../helpers/golden_steps.ts";

const { rate, cases: [global, local] } = readGolden("fsc_clip");

Deno.test("fscClipGlobalLoss: three steps equal the authors' code", () =>
  expectSteps(fscClipGlobalLoss, { rate, cases: [global!] }));

Deno.test("fscClipLoss: three steps equal the authors' code, tokens and patches too", () =>
  expectSteps(fscClipLoss, { rate, cases: [local!] }));
