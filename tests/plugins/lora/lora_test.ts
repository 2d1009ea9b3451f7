import { expect } from "expect";
import { createAssets } from "../../../core/host/assets/create_assets.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { openSafetensors } from "../../../core/host/storage/safetensors.ts";
import { defineRecipe } from "../../../core/define_recipe.ts";
import { runRecipe } from "../../../plugins/app/runs/run.ts";
import { createProgress } from "../../../plugins/app/terminal/progress.ts";
import { lora, type LoraOptions } from "../../../plugins/lora/lora.ts";
import { patch } from "../../../plugins/patching/patch.ts";
import { tinyClip } from "../../../plugins/scenes/tiny_clip.ts";
import tinyRun from "../../fixtures/tiny_run.ts";
import { createSink } from "../../helpers/text_sink.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const model = tinyClip({ weights: "random" });

Deno.test("lora: a run trains adapters alone, keeps them in checkpoints and is patched as a whole", () =>
  withFolder(async (runs) => {
    using images = createPicturePool({ workers: 0 });
    const assets = createAssets({ cache: `${runs}/.cache`, offline: true });
    const recipe = defineRecipe({
      ...tinyRun,
      model: lora({ model, targets: ["q_proj", "c_fc"], rank: 2 }),
      frozen: ["image"],
      steps: 2,
      evaluators: [],
      after: [patch({ alpha: 0.5 })],
    });
    const { folder } = await runRecipe(recipe, {
      ...{ device: "cpu", runs, context: { assets, images, log: () => {} } },
      progress: createProgress(createSink(), { terminal: false, width: () => 80 }),
    });
    const checkpoint = await openSafetensors(
      `${folder}/checkpoints/step-00000002.safetensors`,
    );
    const parameters = checkpoint.names.filter((name) => name.startsWith("parameter:"));
    expect(parameters.every((name) => /:transformer.*\.lora_[AB]\.weight$/.test(name))).toBe(true);
    // Three layers of a text tower with two adapters of two matrices each; two slots beside each.
    const own = checkpoint.names.filter((name) => !name.startsWith("loss:"));
    expect(own).toHaveLength(3 * 2 * 2 * 3);

    const before = await (await model.generate(0)).read();
    const trained = await openSafetensors(`${folder}/model-trained/open_clip_model.safetensors`);
    const patched = await openSafetensors(`${folder}/model/open_clip_model.safetensors`);
    const changed: string[] = [];
    for (const name of trained.names) {
      const [start, end, half] = [
        before.get(name)!.data,
        await trained.readFloat32(name),
        await patched.readFloat32(name),
      ];
      // Half of the way of the weights, not of the matrices whose product it is.
      const isHalf = half.every((x, i) => Math.abs(x - (start[i]! + end[i]!) / 2) < 1e-6);
      expect([name, isHalf]).toEqual([name, true]);
      if (end.some((x, i) => x !== start[i])) changed.push(name);
    }
    const text = [0, 1, 2].flatMap((layer) =>
      ["attn.in_proj_weight", "mlp.c_fc.weight"].map((name) =>
        `transformer.resblocks.${layer}.${name}`
      )
    );
    expect(changed.toSorted()).toEqual(text.toSorted());
    // Of the packed matrix only the rows of queries.
    const name = "transformer.resblocks.0.attn.in_proj_weight";
    const [start, end] = [before.get(name)!.data, await trained.readFloat32(name)];
    const third = start.length / 3;
    expect(end.subarray(third)).toEqual(start.subarray(third));
  }));

Deno.test("lora: a target that is no layer, and what PEFT has not, are refused by name", async () => {
  const generate = (options: Omit<LoraOptions, "model">) => lora({ model, ...options }).generate(0);
  await expect(generate({ targets: ["q_pro"] })).rejects.toThrow(
    'lora.targets: "q_pro" is no linear layer of the model; did you mean "q_proj"?',
  );
  await expect(generate({ targets: ["token_embedding"] })).rejects.toThrow("is no linear layer");
  await expect(generate({ targets: ["out_proj"] })).rejects.toThrow("PEFT adds twice");
  await expect(generate({ targets: ["attn"], dora: true })).rejects.toThrow("lora.dora");
  await expect(generate({ targets: ["c_fc"], exclude: ["image", "text"] })).rejects.toThrow(
    "lora.exclude: expected a layer that is left",
  );
  expect(() => lora({ model })).toThrow("targets: expected names of layers, or adapter");
  expect(() => lora({ model, adapter: "x", rank: 2 })).toThrow("rank: expected none");
});

Deno.test("lora: a tower's name means its layers, and a packed attention is one of them", async () => {
  const { parameters } = await lora({ model, targets: ["text"], rank: 3 }).generate(0);
  const shapes = parameters.filter(({ fixed }) => !fixed).map(({ name, shape }) => [name, shape]);
  expect(shapes.slice(0, 6)).toEqual([
    ["transformer.resblocks.0.attn.lora_A.weight", [3, 64]],
    ["transformer.resblocks.0.attn.lora_B.weight", [192, 3]],
    ["transformer.resblocks.0.mlp.c_fc.lora_A.weight", [3, 64]],
    ["transformer.resblocks.0.mlp.c_fc.lora_B.weight", [256, 3]],
    ["transformer.resblocks.0.mlp.c_proj.lora_A.weight", [3, 256]],
    ["transformer.resblocks.0.mlp.c_proj.lora_B.weight", [64, 3]],
  ]);
  expect(shapes).toHaveLength(3 * 6);
});
