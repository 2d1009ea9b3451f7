import { expect } from "expect";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { openSafetensors } from "../../../core/host/storage/safetensors.ts";
import { uploadParameters } from "../../../core/towers/device_parameters.ts";
import { createForward } from "../../../core/towers/forward.ts";
import { onnxModel } from "../../../plugins/onnx/onnx_model.ts";
import { relativeDifference } from "../../helpers/compare.ts";
import { withContext } from "../../helpers/with_context.ts";

const golden = new URL("../../golden/onnx/", import.meta.url).pathname;

// Both towers in one file, as optimum writes them. `exp(2.6499) = 14.153` and `exp(0.1549) = 1.1675` are
// the factors of the checkpoints that were exported, −0.0599 SigLIP's bias (tests/golden/README.md).
const files = [
  { folder: "clip_11", scale: 2.6499, bias: undefined, parameters: 46 },
  { folder: "siglip_14", scale: 0.1549, bias: -0.0599, parameters: 56 },
] as const;

for (const { folder, scale, bias, parameters } of files) {
  Deno.test(`onnxModel: optimum's ${folder}, its similarities, and both written back`, () =>
    withContext(async (target, context) => {
      const io = await openSafetensors(`${golden}${folder}/io.safetensors`);
      const device = await openDevice("cpu");
      try {
        const path = `${golden}${folder}/model.onnx`;
        const model = await onnxModel({
          ...{ image: path, text: path, tokenizer: `${golden}clip`, contextLength: 9, size: 8 },
          normalization: { mean: [0, 0, 0], deviation: [1, 1, 1] },
        }).load(context);
        const values = await model.read();
        expect(values.size).toBe(parameters);
        expect(values.get("logit_scale")!.data[0]).toBeCloseTo(scale, 4);
        expect(model.logitBias).toBe(bias === undefined ? undefined : "logit_bias");
        if (bias !== undefined) expect(values.get("logit_bias")!.data[0]).toBeCloseTo(bias, 4);

        const held = await uploadParameters(device, model);
        const forward = createForward({ device, model, parameters: held, chunk: 3 });
        const ids = await io.read("input_ids") as BigInt64Array;
        const tokens = [0, 1, 2].map((row) =>
          Array.from(ids.subarray(row * 9, row * 9 + 9), Number)
        );
        const image = await forward.images(await io.readFloat32("pixel_values"), 3);
        // CLIP's end is the first of its kind; what stands behind it has no influence.
        const end = (row: readonly number[]) => bias === undefined ? row.indexOf(39) + 1 : 9;
        const text = await forward.texts(tokens.map((row) => row.slice(0, end(row))));
        expect(relativeDifference(image, await io.readFloat32("image_embeds"))).toBeLessThan(1e-4);
        expect(relativeDifference(text, await io.readFloat32("text_embeds"))).toBeLessThan(1e-4);
        for (const tensor of held.values()) tensor.dispose();

        for (const name of ["logit_scale", "logit_bias"]) {
          const value = values.get(name);
          if (value !== undefined) value.data[0]! += 0.5;
        }
        await model.write(target, values);
        const again = await onnxModel({ weights: target }).load(context);
        for (const [name, { data }] of await again.read()) {
          expect([name, data]).toEqual([name, values.get(name)!.data]);
        }
      } finally {
        await device.dispose();
      }
    }));
}
