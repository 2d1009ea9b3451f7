import { expect } from "expect";
import { selectTrained } from "../../../../core/training/optimizers/select_parameters.ts";
import { huggingFaceNames } from "../../../../plugins/clip/names.ts";
import { miniClip } from "../../../helpers/small_clip.ts";

const { parameters } = miniClip(0);
const names = (frozen: readonly string[], all = parameters) =>
  selectTrained(all, { frozen }).map(({ name }) => name);

Deno.test("selectTrained: without anything frozen, all", () => {
  expect(selectTrained(parameters, { frozen: [] })).toEqual(parameters);
});

Deno.test("selectTrained: a part freezes all that belongs to it", () => {
  expect(names(["image"]).some((name) => name.startsWith("visual."))).toBe(false);
  expect(names(["image"])).toContain("logit_scale");
  expect(names(["image", "text"])).toEqual(["logit_scale"]);
  expect(names(["image", "logit_scale"])).not.toContain("logit_scale");
});

Deno.test("selectTrained: a pattern's star stands for anything, all else for itself", () => {
  const left = names(["visual.*", "transformer.resblocks.0.*", "*.bias"]);
  // Of the text side, block 1 with its weights, what stands around the blocks, and the scale.
  expect(left).toEqual([
    "token_embedding.weight",
    "positional_embedding",
    "transformer.resblocks.1.ln_1.weight",
    "transformer.resblocks.1.attn.in_proj_weight",
    "transformer.resblocks.1.attn.in_proj_bias",
    "transformer.resblocks.1.attn.out_proj.weight",
    "transformer.resblocks.1.ln_2.weight",
    "transformer.resblocks.1.mlp.c_fc.weight",
    "transformer.resblocks.1.mlp.c_proj.weight",
    "ln_final.weight",
    "text_projection",
    "logit_scale",
  ]);
  // A dot is a dot, and a pattern is the whole name.
  expect(() => names(["ln_final_weight"])).toThrow(/did you mean "ln_final.weight"/);
  expect(() => names(["ln_final"])).toThrow(/frozen: "ln_final" is neither/);
});

Deno.test("selectTrained: an entry that matches nothing is an error with the nearest name", () => {
  expect(() => names(["imge"])).toThrow(
    'frozen: "imge" is neither a part nor a pattern of a parameter\'s name; did you mean "image"?',
  );
  const huggingFace = miniClip(0, huggingFaceNames).parameters;
  expect(() => names(["visual.*"], huggingFace)).toThrow(/frozen: "visual\.\*"/);
});

Deno.test("selectTrained: something has to be left", () => {
  expect(() => names(["image", "text", "logit_scale"])).toThrow(
    "frozen: expected something left to train",
  );
  expect(() => names(["*"])).toThrow("frozen: expected something left to train");
});

Deno.test("selectTrained: trained names what alone is trained, of which frozen takes away", () => {
  const trainedNames = (trained: readonly string[], frozen: readonly string[] = []) =>
    selectTrained(parameters, { trained, frozen }).map(({ name }) => name);
  expect(trainedNames(["logit_scale", "ln_final.*"])).toEqual([
    "ln_final.weight",
    "ln_final.bias",
    "logit_scale",
  ]);
  expect(trainedNames(["ln_final.*"], ["*.bias"])).toEqual(["ln_final.weight"]);
  expect(trainedNames(["text"]).length).toBe(
    parameters.filter(({ part }) => part === "text").length,
  );
  expect(() => trainedNames(["ln_finall.*"])).toThrow(/^trained: "ln_finall.\*" is neither/);
  expect(() => trainedNames(["image"], ["image"])).toThrow("expected something left to train");
});
