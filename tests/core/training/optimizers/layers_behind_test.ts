import { expect } from "expect";
import type { ParameterSpec } from "../../../../core/model.ts";
import { adamw } from "../../../../core/training/optimizers/adamw.ts";
import { layersBehind } from "../../../../core/training/optimizers/layers_behind.ts";

const spec = (name: string, part: ParameterSpec["part"], shape = [2, 2]): ParameterSpec => ({
  ...{ name, part, shape },
});

const parameters = [
  spec("visual.conv1.weight", "image"),
  spec("visual.transformer.resblocks.0.mlp.c_fc.weight", "image"),
  spec("visual.transformer.resblocks.1.mlp.c_fc.weight", "image"),
  spec("visual.transformer.resblocks.1.mlp.c_fc.bias", "image", [2]),
  spec("visual.ln_post.weight", "image", [2]),
  spec("text_model.embeddings.token_embedding.weight", "text"),
  spec("text_model.encoder.layers.0.mlp.fc1.weight", "text"),
  spec("logit_scale", "logit_scale", []),
];

Deno.test("layersBehind: counts from the end of each tower; embeddings are deepest", () => {
  const depths = layersBehind("adamw", parameters);
  expect(parameters.map((each) => depths.get(each))).toEqual([3, 2, 1, 1, 0, 2, 1, 0]);
});

Deno.test("layersBehind: names that tell no layer are refused", () => {
  expect(() => layersBehind("adamw", [spec("words", "text")])).toThrow(
    'names of parameters of the text tower that tell their layer, such as blocks.3, found "words"',
  );
});

Deno.test("adamw: with layerDecay the rate of a parameter is its depth's power of it", () => {
  const optimizer = adamw({ lr: 1, betas: [0, 0], weightDecay: 0, layerDecay: 0.5 });
  const rates = new Map(
    optimizer.groups(parameters).flatMap(({ parameters, scalars }) =>
      // With betas of 0 the step's rate is the learning rate itself.
      parameters.map(({ name }) => [name, scalars(0.1, 1)["rate"]] as const)
    ),
  );
  expect(rates.size).toBe(parameters.length);
  const depths = [3, 2, 1, 1, 0, 2, 1, 0];
  parameters.forEach(({ name }, i) => expect(rates.get(name)).toBeCloseTo(0.1 * 0.5 ** depths[i]!));
});
