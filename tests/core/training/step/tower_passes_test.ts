import { expect } from "expect";
import { disposeResults } from "../../../../core/device/typed_program.ts";
import { withUploads } from "../../../../core/device/uploads.ts";
import { openDevice } from "../../../../core/host/devices/open_device.ts";
import { uploadParameters } from "../../../../core/towers/device_parameters.ts";
import { createForward } from "../../../../core/towers/forward.ts";
import { wholeText, wholeTexts } from "../../../../core/towers/text_parts.ts";
import { passesOf } from "../../../../core/training/step/tower_passes.ts";
import { relativeDifference } from "../../../helpers/compare.ts";
import { miniClip } from "../../../helpers/small_clip.ts";

Deno.test("passesOf: the rows of the tower, the products of its blocks, gradients onto their sums", async () => {
  const device = await openDevice("cpu");
  const model = wholeTexts(miniClip(3));
  const parameters = await uploadParameters(device, model);
  const projection = model.parameters.find(({ name }) => name === "text_projection")!;
  const gradients = new Map([[projection.name, device.zeros(projection.shape, "float32")]]);
  const texts = [[1, 5, 6, 39], [1, 5, 39]];
  const part = wholeText(model, texts, 2)!;
  const passes = await passesOf(part, { device, model, parameters, gradients });
  const rows = await createForward({ device, model, parameters, chunk: 2 }).texts(texts);
  await withUploads(device, async (upload) => {
    const inputs = upload(part.inputs);
    const { outputs, kept } = await passes.forward(inputs);
    expect(await outputs.embedding.read()).toEqual(rows);
    const bytes = Object.values(kept).map((each) => each.bytes);
    expect(passes.keptBytes).toBe(bytes.reduce((a, b) => a + b, 0));
    // With ones arriving, each row of the projection's gradient is the sum of a feature of the pooled
    // texts, the same in all its columns; twice onto the same sum is two times that.
    const seeds = upload({
      embedding: { data: new Float32Array(32).fill(1), shape: [2, 16], dtype: "float32" },
    });
    const once = async () => {
      await passes.backward(inputs, seeds, kept);
      return await gradients.get(projection.name)!.read() as Float32Array;
    };
    const first = await once();
    expect(first.some((value) => value !== 0)).toBe(true);
    for (const [i, value] of first.entries()) expect(value).toBeCloseTo(first[i - i % 16]!, 5);
    expect(relativeDifference(await once(), first.map((value) => 2 * value))).toBeLessThan(1e-6);
    disposeResults(outputs);
    disposeResults(kept);
  });
  for (const tensor of [...parameters.values(), ...gradients.values()]) tensor.dispose();
  await device.dispose();
});
