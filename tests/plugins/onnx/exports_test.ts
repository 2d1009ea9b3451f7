import { expect } from "expect";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { openExport } from "../../helpers/onnx_export.ts";

const golden = new URL("../../golden/onnx/exports/", import.meta.url).pathname;

// More rows than the exports were made with; a fixed batch is parted. Each has as many parameters as
// PyTorch's model; but `dinov2_18` lacks the bias of a convolution, which the exporter drops where it is
// zeros, and the class token, which it copies for each row of a fixed batch (tests/golden/README.md).
const exports = {
  "bert/dynamo_23_named.onnx": 21,
  "clip_image_13/legacy_13_static.onnx": 24,
  "clip_text/legacy_14_static.onnx": 21,
  "clip_text_13/legacy_13_named.onnx": 21,
  "convnext/dynamo_18_named.onnx": 28,
  "convnext_13/legacy_13_named.onnx": 28,
  "dinov2_18/dynamo_18_static.onnx": 22,
};

for (const [name, parameters] of Object.entries(exports)) {
  Deno.test(`textGraph, imageGraph: output and gradients of ${name} are PyTorch's`, async () => {
    const [folder, file] = name.split("/") as [string, string];
    const device = await openDevice("cpu");
    try {
      const found = await openExport(`${golden}${folder}`, file, device);
      expect(found.output).toBeLessThan(1e-4);
      expect(found.parameters).toBe(parameters);
      expect(found.gradients.filter(({ difference }) => !(difference < 1e-4))).toEqual([]);
      expect(found.gradients.length).toBe(parameters);
    } finally {
      await device.dispose();
    }
  });
}
