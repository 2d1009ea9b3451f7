import { expect } from "expect";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { gemm } from "../../../core/graph/linear.ts";
import { constant } from "../../../core/graph/node.ts";
import type { ParameterLookup } from "../../../core/model.ts";
import { createRandom } from "../../../core/random.ts";
import { createForward } from "../../../core/towers/forward.ts";
import { uploadParameters } from "../../../core/towers/device_parameters.ts";
import { adaptedLookup } from "../../../plugins/lora/adapted_lookup.ts";
import type { Adapter } from "../../../plugins/lora/adapter.ts";
import { chooseAdapters } from "../../../plugins/lora/choose_adapters.ts";
import { linearLayers } from "../../../plugins/lora/linear_layers.ts";
import { withAdapters } from "../../../plugins/lora/with_adapters.ts";
import { withPrefixedNames } from "../../../plugins/clip/model_parts.ts";
import { huggingFaceNames } from "../../../plugins/clip/names.ts";
import { relativeDifference } from "../../helpers/compare.ts";
import { evaluateGraph } from "../../helpers/evaluate_graph.ts";
import { miniBatch, miniClip } from "../../helpers/small_clip.ts";

Deno.test("adaptedLookup: a weight that is looked up for something else is the changed one", async () => {
  const adapter: Adapter = {
    ...{ module: "m", part: "text", weight: "m.weight", outputs: [1, 2], whole: false, inputs: 2 },
    ...{ rank: 1, scaling: 2, dora: false },
  };
  const tensors = {
    "m.weight": constant([1, 1, 1, 1], [2, 2]),
    "m.lora_A.weight": constant([1, 2], [1, 2]),
    "m.lora_B.weight": constant([3], [1, 1]),
  };
  const lookup = adaptedLookup([adapter])((name) => tensors[name as keyof typeof tensors]);
  expect(await evaluateGraph(lookup("m.weight"))).toEqual([1, 1, 7, 13]);
  const x = constant([1, 10], [1, 2]);
  const product = (outputs: readonly [number, number]) =>
    evaluateGraph(lookup.layer!(x, { weight: "m.weight", outputs })!);
  expect(await product([0, 2])).toEqual([11, 137]);
  expect(await product([1, 2])).toEqual([137]);
  expect(await product([0, 1])).toEqual([11]);
  const plain = gemm(x, tensors["m.weight"], undefined, { transposeB: true });
  expect(await evaluateGraph(plain)).toEqual([11, 11]);
  expect(lookup.layer!(x, { weight: "another" })).toBeUndefined();
});

// Queries and values of a packed matrix apart, in packs of texts and in the last block, where queries
// are asked of the last token alone: the same as the merged weights.
for (const names of ["open_clip", "transformers"] as const) {
  Deno.test(`withAdapters: embeddings are those of the merged weights, in ${names}'s layout`, async () => {
    const base = names === "open_clip" ? miniClip(3) : miniClip(3, huggingFaceNames);
    const layers = linearLayers(base);
    const choice = { rank: 2, alpha: 6, rankStabilized: true, dora: names === "transformers" };
    const targets = ["q_proj", "v_proj", names === "open_clip" ? "c_fc" : "fc2"];
    const adapters = chooseAdapters(layers, { ...choice, targets, exclude: [] });
    const config = { base: null, ...choice };
    const model = withAdapters(base, { adapters, layers, config, start: 1 });
    const random = createRandom(1, "values");
    const values = new Map(
      [...await model.read()].map(([name, { shape, data }]) => {
        const draw = name.includes("lora_B");
        return [name, { shape, data: draw ? data.map(() => random.normal() / 3) : data }];
      }),
    );
    const batch = miniBatch(3, { caption: 2 }, 4);
    const device = await openDevice("cpu");
    const embed = async (...[of, by]: Parameters<typeof embedded>) => await embedded(of, by);
    const embedded = async (of: typeof model, by: typeof values) => {
      const parameters = await uploadParameters(device, {
        ...of,
        read: () => Promise.resolve(by),
      });
      const forward = createForward({ device, model: of, parameters, chunk: 8 });
      const texts = await forward.texts(batch.groups.flatMap(({ tokens }) => tokens));
      const images = await forward.images(batch.pixels, 3);
      for (const tensor of parameters.values()) tensor.dispose();
      return { texts, images };
    };
    const beside = await embed(model, values);
    const merged = await embed(base, new Map(model.plain!.values(values)));
    const untouched = await embed(base, new Map(await base.read()));
    expect(relativeDifference(beside.texts, merged.texts)).toBeLessThan(1e-5);
    expect(relativeDifference(beside.images, merged.images)).toBeLessThan(1e-5);
    expect(relativeDifference(beside.texts, untouched.texts)).toBeGreaterThan(1e-2);
    await device.dispose();
  });
}

Deno.test("withPrefixedNames: layers are told to adapters by their whole names", () => {
  const { image, text, ...rest } = miniClip(1);
  const shapes = { image: { tower: image, shapes: [] }, text: { tower: text, shapes: [] } };
  const parts = withPrefixedNames({
    ...{ family: "CLIP", dim: rest.dim, logitScale: "logit_scale", ...shapes },
    ...{ preprocessing: rest.preprocessing },
    tokenizer: { kind: "clip", reference: "open_clip", full: false },
  }, "module.");
  const told = new Set<string>();
  const specs = new Map(rest.parameters.map(({ name, shape }) => [`module.${name}`, shape]));
  const zeros = (shape: readonly number[]) =>
    constant(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);
  const lookup: ParameterLookup = Object.assign((name: string) => zeros(specs.get(name)!), {
    layer: (_: unknown, { weight }: { readonly weight: string }) => (told.add(weight), undefined),
  });
  parts.image.tower.encode(zeros([1, 3, 8, 8]), lookup);
  expect([...told][0]).toBe("module.visual.transformer.resblocks.0.attn.in_proj_weight");
  // A tower with another lookup still takes packs.
  expect(parts.text.tower.prefixes?.of).toBe(parts.text.tower.encode);
});
