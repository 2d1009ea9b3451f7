import { expect } from "expect";
import type { DualEncoder } from "../../../core/model.ts";
import {
  FAMILY_ARCHITECTURES,
  familyConfiguration,
  familyParts,
} from "../../../plugins/clip/family_architectures.ts";
import { familyInitialValues } from "../../../plugins/clip/family_initial_values.ts";
import { generateParts } from "../../../plugins/clip/load_parts.ts";
import { withPrefixedNames } from "../../../plugins/clip/model_parts.ts";
import { parameterList } from "../../../plugins/clip/parameters.ts";
import { rehearsalTokenizer } from "../../../plugins/clip/rehearsal_tokenizer.ts";
import { tableSamples } from "../../../plugins/clip/table_samples.ts";
import { clip } from "../../../plugins/clip/clip.ts";
import { siglip } from "../../../plugins/clip/siglip.ts";
import { defineRecipe } from "../../../core/define_recipe.ts";
import recipe from "../../../recipes/siglip2_vitb16.ts";

const count = ({ parameters }: Pick<DualEncoder, "parameters">) =>
  parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);

// Parameters of open_clip 3.3's models of these names, counted in Python. CLIPS has none there; its
// parameters are those of CLIPA but for 48 further places of 768 channels.
const counted = {
  "ViT-L-14-CLIPA": 414_210_561,
  "ViT-H-14-CLIPA": 968_235_009,
  "EVA02-B-16": 149_691_137,
  "EVA02-L-14": 427_755_457,
  "ViT-B-16-SigLIP": 203_155_970,
  "ViT-B-16-SigLIP2": 375_187_970,
  "ViT-L-16-SigLIP-256": 652_150_786,
  "ViT-L-16-SigLIP2-256": 881_526_786,
  "ViT-SO400M-14-SigLIP": 877_360_306,
  "ViT-SO400M-14-SigLIP2": 1_135_463_602,
  "roberta-ViT-B-32": 212_723_457,
  "xlm-roberta-base-ViT-B-32": 366_121_473,
  "xlm-roberta-large-ViT-H-14": 1_193_014_785,
} as const;

Deno.test("generateParts: architectures have as many parameters as open_clip's", () => {
  const found = Object.fromEntries(
    FAMILY_ARCHITECTURES.map((name) => [name, count(generateParts(name, 0))]),
  );
  expect(found).toEqual({
    ...counted,
    "ViT-L-14-CLIPS-224": counted["ViT-L-14-CLIPA"] + 48 * 768,
  });
});

Deno.test("withPrefixedNames: what is looked up is what is listed", () => {
  const parts = withPrefixedNames(familyParts("ViT-B-16-SigLIP"), "module.");
  expect(parts.logitBias).toBe("module.logit_bias");
  for (const [name] of [...parts.image.shapes, ...parts.text.shapes]) {
    expect(name).toMatch(/^module\.(visual\.trunk|text)\./);
  }
});

Deno.test("familyInitialValues: norms, factors, statistics, scale and bias begin as they should", () => {
  const parameters = parameterList({
    image: [
      ...[["visual.bn1.weight", [2]], ["visual.bn1.bias", [2]]] as const,
      ...[["visual.bn1.running_mean", [2]], ["visual.bn1.running_var", [2]]] as const,
      ["visual.blocks.0.ls1.gamma", [2]],
      ["visual.fc1.weight", [400, 25]],
    ],
    text: [],
    logitScale: "logit_scale",
    logitBias: "logit_bias",
  });
  const values = familyInitialValues(parameters, 1);
  const of = (name: string) => [...values.get(name)!.data];
  expect([of("visual.bn1.weight"), of("visual.bn1.bias")]).toEqual([[1, 1], [0, 0]]);
  expect([of("visual.bn1.running_mean"), of("visual.bn1.running_var")]).toEqual([[0, 0], [1, 1]]);
  expect(of("visual.blocks.0.ls1.gamma")).toEqual([...Float32Array.of(0.1, 0.1)]);
  expect([of("logit_scale")[0], of("logit_bias")[0]]).toEqual([Math.fround(Math.log(10)), -10]);
  // By its name alone, a scale is still that of a model with a bias.
  expect(familyInitialValues(parameters, 1, ["logit_scale"]))
    .toEqual(new Map([["logit_scale", values.get("logit_scale")]]));
  // 10,000 samples of deviation 1/√25: that of their mean square is 0.04 · √2/100.
  const matrix = of("visual.fc1.weight");
  const square = matrix.reduce((sum, x) => sum + x * x, 0) / matrix.length;
  expect(Math.abs(square - 0.04)).toBeLessThan(5 * 0.04 * Math.SQRT2 / 100);
});

Deno.test("tableSamples: follow from seed, name and length", () => {
  const [a, b] = [tableSamples(3), tableSamples(3)];
  expect(a("x", 5)).toEqual(b("x", 5));
  expect(a("x", 5)).not.toEqual(b("y", 5));
  // Larger than the table of samples.
  expect(a("x", 1_100_000)).toEqual(b("x", 1_100_000));
});

Deno.test("rehearsalTokenizer: an id a word and mark, within the vocabulary, full where it must be", () => {
  const short = rehearsalTokenizer({ vocabulary: 50 });
  const ids = short.encode("A dog, a Dog.", 20);
  expect(ids.length).toBe(8);
  expect([ids[1], ids[2]]).toEqual([ids[4], ids[5]]);
  expect(ids.every((id) => id >= 0 && id < 50)).toBe(true);
  expect(short.encode("word ".repeat(40), 20).length).toBe(20);
  expect(rehearsalTokenizer({ vocabulary: 50, length: 20 }).encode("a", 20).length).toBe(20);
  // No id of a text is that of padding, for which towers may take it.
  const other = rehearsalTokenizer({ vocabulary: 50, length: 20, padding: 1 }).encode("a", 20);
  expect(other.indexOf(1)).toBe(3);
  expect(other.slice(3)).toEqual(new Array(17).fill(1));
});

Deno.test("clip, siglip: options that contradict an architecture, or a family, are refused", async () => {
  expect(() => clip({ weights: "w", architecture: "EVA02-L-14", activation: "gelu" }))
    .toThrow("clip.activation");
  expect(() => siglip({ weights: "w", architecture: "EVA02-L-14" as never }))
    .toThrow("siglip.architecture");
  await expect(siglip({ weights: "w" }).generate(0)).rejects.toThrow("siglip.architecture");
  expect(familyConfiguration("EVA02-L-14").model_cfg).toMatchObject({ embed_dim: 768 });
});

Deno.test("defineRecipe: the sigmoid losses do not go with a model without a bias", () => {
  const { model: _, ...rest } = recipe;
  const other = { ...rest, model: clip({ weights: "w" }) };
  expect(() => defineRecipe(other as never)).toThrow("logitBias");
});
