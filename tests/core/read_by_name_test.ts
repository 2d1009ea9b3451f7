import { expect } from "expect";
import type { DualEncoder, ModelSource } from "../../core/model.ts";
import { clip } from "../../plugins/clip/clip.ts";
import { siglip } from "../../plugins/clip/siglip.ts";
import { lora } from "../../plugins/lora/lora.ts";
import { onnxModel } from "../../plugins/onnx/onnx_model.ts";
import { sightedClip } from "../../plugins/scenes/sighted_clip.ts";
import { tinyClip } from "../../plugins/scenes/tiny_clip.ts";
import { relativeDifference } from "../helpers/compare.ts";
import { withContext } from "../helpers/with_context.ts";

const golden = new URL("../golden/", import.meta.url).pathname;
const clips = `${golden}family_folders/clips`;
const sigmoid = siglip({ weights: `${golden}family_folders/siglip` });
const layers = { targets: ["q_proj", "v_proj"], rank: 2 } as const;

/** Sources of every kind. */
const sources: Readonly<Record<string, ModelSource>> = {
  "another family": clip({ weights: clips }),
  "SigLIP, with a bias": sigmoid,
  "an embedded CLIP": tinyClip(),
  "graphs of ONNX": onnxModel({ weights: `${golden}onnx/clip`, contextLength: 12 }),
  "LoRA": lora({ model: sigmoid, ...layers }),
  "DoRA": lora({ model: sigmoid, targets: ["fc2"], rank: 2, dora: true }),
  "trained LoRA": lora({ model: sigmoid, adapter: `${golden}adapters/lora` }),
};

for (const [name, source] of Object.entries(sources)) {
  Deno.test(`DualEncoder.read: a parameter by its name is what it is among all (${name})`, () =>
    withContext(async (_, context) => await expectSame(await source.load(context))));
}

for (const [name, make] of Object.entries({ tinyClip, sightedClip })) {
  Deno.test(`DualEncoder.read: a generated parameter by its name is what it is among all (${name})`, async () =>
    await expectSame(await make({ weights: "random" }).generate(3)));
}

async function expectSame(model: DualEncoder): Promise<void> {
  const all = await model.read();
  for (const { name, shape } of model.parameters) {
    const { data, ...found } = (await model.read([name])).get(name)!;
    const { data: expected, ...rest } = all.get(name)!;
    expect({ name, ...found }).toEqual({ name, ...rest, shape });
    expect([name, relativeDifference(data, expected)]).toEqual([name, 0]);
  }
}
