import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { expect } from "expect";
import type { Context } from "../../../core/context.ts";
import type { Device } from "../../../core/device/device.ts";
import { ModelProtoSchema } from "../../../core/graph/onnx_pb.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { openSafetensors } from "../../../core/host/storage/safetensors.ts";
import { defineRecipe } from "../../../core/define_recipe.ts";
import type { Loss } from "../../../core/loss.ts";
import type { DualEncoder } from "../../../core/model.ts";
import { objective } from "../../../core/objective.ts";
import { downloadParameters, uploadParameters } from "../../../core/towers/device_parameters.ts";
import { createForward } from "../../../core/towers/forward.ts";
import { identityOf } from "../../../core/training/loop/identity.ts";
import type { TextGroup } from "../../../core/training/loop/text_group.ts";
import { contrastive } from "../../../plugins/contrastive/contrastive.ts";
import { singleCaption } from "../../../plugins/contrastive/single_caption.ts";
import { sigmoidContrastive } from "../../../plugins/contrastive/sigmoid_contrastive.ts";
import { loadOnnx } from "../../../plugins/onnx/load_onnx.ts";
import { onnxModel } from "../../../plugins/onnx/onnx_model.ts";
import { DESCRIPTION } from "../../../plugins/onnx/locate_graphs.ts";
import { openOnnxFile } from "../../../plugins/onnx/onnx_file.ts";
import { relativeDifference } from "../../helpers/compare.ts";
import { openStep } from "../../helpers/open_step.ts";
import { settings as recipeSettings } from "../../helpers/recipe_fixture.ts";
import { withContext } from "../../helpers/with_context.ts";

// A small CLIP in optimum's layout, with a file of values beside the image tower, and what PyTorch makes
// of three pictures and texts (tests/golden/README.md).
const golden = new URL("../../golden/onnx/clip", import.meta.url).pathname;
const settings = { weights: golden, contextLength: 12 };

async function withDevice(
  work: (context: Context, device: Device, folder: string) => Promise<void>,
): Promise<void> {
  await withContext(async (folder, context) => {
    const device = await openDevice("cpu");
    try {
      await work(context, device, folder);
    } finally {
      await device.dispose();
    }
  });
}

async function goldenInputs() {
  const io = await openSafetensors(`${golden}/io.safetensors`);
  const ids = await io.read("input_ids") as BigInt64Array;
  const mask = await io.read("attention_mask") as BigInt64Array;
  const tokens = [0, 1, 2].map((row) => {
    const length = Number(mask.subarray(row * 9, row * 9 + 9).reduce((a, b) => a + b));
    return Array.from(ids.subarray(row * 9, row * 9 + length), Number);
  });
  return { io, tokens, pixels: await io.readFloat32("pixel_values") };
}

async function embeddings(device: Device, model: DualEncoder) {
  const { tokens, pixels } = await goldenInputs();
  const parameters = await uploadParameters(device, model);
  const forward = createForward({ device, model, parameters, chunk: 3 });
  const found = { image: await forward.images(pixels, 3), text: await forward.texts(tokens) };
  for (const tensor of parameters.values()) tensor.dispose();
  return found;
}

Deno.test("onnxModel: a folder in optimum's layout is embedded as PyTorch does it", () =>
  withDevice(async (context, device) => {
    const model = await onnxModel(settings).load(context);
    const { io } = await goldenInputs();
    const { image, text } = await embeddings(device, model);
    expect(relativeDifference(image, await io.readFloat32("image"))).toBeLessThan(1e-4);
    expect(relativeDifference(text, await io.readFloat32("text"))).toBeLessThan(1e-4);
    expect([model.dim, model.image.size, model.text.contextLength]).toEqual([12, 16, 12]);
    // The vocabulary of the tokenizer beside it.
    expect(model.text.vocabulary).toBe(220);
    expect(model.tokenizer.encode("a cat", 12).length).toBeGreaterThan(2);
  }));

const losses = {
  "with a softmax": { source: onnxModel(settings), loss: contrastive(), own: {} },
  "with a sigmoid and a bias that no graph has": {
    source: onnxModel({ ...settings, logitBias: -3 }),
    loss: sigmoidContrastive(),
    own: { logit_bias: -3 },
  },
} as const;

for (const [how, { source, loss, own }] of Object.entries(losses)) {
  Deno.test(`onnxModel: a step of training ${how}, written under the same names and read again`, () =>
    withDevice(async (context, device, folder) => {
      const model = await source.load(context);
      const values = await model.read();
      const bias = values.get("logit_bias")?.data[0];
      expect(bias === undefined ? {} : { logit_bias: bias }).toEqual(own);
      const { tokens, pixels } = await goldenInputs();
      const ids = ["0", "1", "2"];
      const groups: readonly TextGroup[] = [
        { name: "caption", count: 1, tokens, present: new Float32Array(3).fill(1) },
      ];
      const batch = {
        ...{ ids, pixels, groups, identity: identityOf(ids, groups) },
        ...{ epoch: 0, next: { epoch: 0, position: 3 } },
      };
      const of = objective("contrastive", singleCaption(), loss as Loss<"caption">);
      const opened = await openStep(device, model, of, { chunk: 3 });
      const before = await opened.step.add(of, batch, 0);
      await opened.step.update(1e-3, 1);
      const after = await opened.step.add(of, batch, 0);
      expect(after.loss).toBeLessThan(before.loss);
      const trained = await downloadParameters(opened.state.parameters);
      opened.close();

      const [first, second] = [`${folder}/model`, `${folder}/again`];
      await model.write(first, trained);
      const again = await onnxModel({ weights: first }).load(context);
      expect(again.parameters).toEqual(model.parameters);
      for (const [name, { data }] of await again.read()) {
        const expected = trained.get(name)!.data;
        // The logit scale goes by its exponential, in a description of decimal numbers.
        if (name === "logit_scale") expect(data[0]).toBeCloseTo(expected[0]!, 5);
        else expect([name, data]).toEqual([name, expected]);
      }
      // What is not trained stands there as it stood.
      await again.write(second, await again.read());
      for (const file of ["text_model.onnx", "vision_model.onnx", "vision_model.onnx.data"]) {
        expect(await Deno.readFile(`${second}/${file}`)).toEqual(
          await Deno.readFile(`${first}/${file}`),
        );
        expect((await Deno.stat(`${first}/${file}`)).size)
          .toBe((await Deno.stat(`${golden}/onnx/${file}`)).size);
      }
    }));
}

Deno.test("onnxModel: a loss that asks for a bias goes with a model that is told to have one", () => {
  const objectives = [objective("contrastive", singleCaption(), sigmoidContrastive())] as const;
  const told = onnxModel({ ...settings, logitBias: -10 });
  const rest = recipeSettings();
  expect(defineRecipe({ ...rest, model: told, objectives }).model).toBe(told);
  // @ts-expect-error: its type says that it gives no bias.
  expect(() => defineRecipe({ ...rest, model: onnxModel(settings), objectives }))
    .toThrow(/logitBias/);
});

Deno.test("onnxModel: has no dry run without its files, and names what it lacks", () =>
  withDevice(async (context, _, folder) => {
    await expect(onnxModel(settings).generate(1)).rejects.toThrow(/no dry run/);
    await expect(loadOnnx({ weights: folder }, context)).rejects.toThrow(
      `onnxModel.weights: ${folder}: expected onnx_model.json, text_model.onnx and vision_model.onnx`,
    );
    // 512 tokens, as the tokenizer's file says, are more than the table of positions has.
    await expect(loadOnnx({ weights: golden }, context)).rejects.toThrow(/text_model|node/);
    const text = `${golden}/onnx/text_model.onnx`;
    const alone = await loadOnnx({ text, contextLength: 12 }, context);
    expect(alone.parameters.filter(({ part }) => part === "image")).toEqual([]);
    await expect(loadOnnx({ ...settings, size: 32, contextLength: 13 }, context)).rejects.toThrow();
  }));

Deno.test("writeOnnxFolder: two files of one name go into folders of their own", () =>
  withDevice(async (context, device, folder) => {
    for (const part of ["vision", "text"]) {
      await Deno.mkdir(`${folder}/${part}`);
      await Deno.copyFile(`${golden}/onnx/${part}_model.onnx`, `${folder}/${part}/model.onnx`);
    }
    const beside = "vision_model.onnx.data";
    await Deno.copyFile(`${golden}/onnx/${beside}`, `${folder}/vision/${beside}`);
    const given = await onnxModel({
      ...{ image: `${folder}/vision/model.onnx`, text: `${folder}/text/model.onnx` },
      ...{ tokenizer: golden, contextLength: 12, logitScale: 20 },
      normalization: { mean: [0, 0, 0], deviation: [1, 1, 1] },
    }).load(context);
    const towers = (["image", "text"] as const).map((part) =>
      given.parameters
        .filter((each) => each.part === part).length
    );
    expect(towers.every((count) => count > 10)).toBe(true);
    await given.write(`${folder}/out`, await given.read());
    const again = await onnxModel({ weights: `${folder}/out` }).load(context);
    expect(await embeddings(device, again)).toEqual(await embeddings(device, given));
    expect(again.preprocessing).toEqual(given.preprocessing);
    await Deno.stat(`${folder}/out/image/model.onnx`);
    await Deno.stat(`${folder}/out/${DESCRIPTION}`);
  }));

Deno.test("openOnnxFile: values elsewhere than in the model's folder are refused", () =>
  withDevice(async (context, _, folder) => {
    const bytes = await Deno.readFile(`${golden}/onnx/vision_model.onnx`);
    for (
      const other of ["../a.data", "/a.data", "b/../../a.data", "C:\\a.data", "./a.data", "a//b"]
    ) {
      const proto = fromBinary(ModelProtoSchema, bytes);
      for (const { externalData } of proto.graph!.initializer) {
        for (const entry of externalData) if (entry.key === "location") entry.value = other;
      }
      await Deno.writeFile(`${folder}/a.onnx`, toBinary(ModelProtoSchema, proto));
      await expect(openOnnxFile(`${folder}/a.onnx`, context.assets)).rejects.toThrow(
        `expected values in the folder of the model, found "${other}"`,
      );
    }
  }));
