import { expect } from "expect";
import { chooseAdapters } from "../../../plugins/lora/choose_adapters.ts";
import { linearLayers } from "../../../plugins/lora/linear_layers.ts";
import { huggingFaceNames } from "../../../plugins/clip/names.ts";
import { miniClip } from "../../helpers/small_clip.ts";

const usual = { exclude: [], rank: 2, alpha: 4, rankStabilized: false, dora: false };

Deno.test("linearLayers: all that towers multiply by a matrix, and no table", () => {
  const layers = linearLayers(miniClip(1, huggingFaceNames));
  const block = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj"];
  const tower = (name: string, projection: string) => [
    ...[0, 1].flatMap((layer) =>
      [...block, "mlp.fc1", "mlp.fc2"].map((each) => `${name}.encoder.layers.${layer}.${each}`)
    ),
    projection,
  ];
  expect(layers.map(({ module }) => module).toSorted()).toEqual(
    [...tower("vision_model", "visual_projection"), ...tower("text_model", "text_projection")]
      .toSorted(),
  );
});

Deno.test("chooseAdapters: a name's end means all layers of it; a whole packed layer counts for its parts", () => {
  const layers = linearLayers(miniClip(1));
  const chosen = (targets: readonly string[], exclude: readonly string[] = []) =>
    chooseAdapters(layers, { ...usual, targets, exclude }).map(({ module, outputs }) => [
      module,
      ...outputs,
    ]);
  expect(chosen(["v_proj"], ["image"])).toEqual([
    ["transformer.resblocks.0.attn.v_proj", 64, 96],
    ["transformer.resblocks.1.attn.v_proj", 64, 96],
  ]);
  expect(chosen(["visual.*.0.*"])).toEqual([
    ["visual.transformer.resblocks.0.attn", 0, 96],
    ["visual.transformer.resblocks.0.mlp.c_fc", 0, 64],
    ["visual.transformer.resblocks.0.mlp.c_proj", 0, 32],
  ]);
});
