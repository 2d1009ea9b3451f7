import { reshape } from "../../../core/graph/linear.ts";
import { expect } from "expect";
import { exp } from "../../../core/graph/elementwise.ts";
import { gradient } from "../../../core/graph/gradient.ts";
import { input } from "../../../core/graph/node.ts";
import { l2Normalize } from "../../../core/graph/composite.ts";
import type { Tensor } from "../../../core/graph/tensor.ts";
import type { Device, DeviceTensor } from "../../../core/device/device.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { openSafetensors } from "../../../core/host/storage/safetensors.ts";
import { clipImageTower } from "../../../plugins/clip/image_tower.ts";
import { clipTextTower } from "../../../plugins/clip/text_tower.ts";
import { clipParameters } from "../../../plugins/clip/parameters.ts";
import { openClipNames } from "../../../plugins/clip/names.ts";
import {
  contrastiveLogits,
  symmetricContrastive,
} from "../../../plugins/contrastive/symmetric_contrastive.ts";
import { findWebGpu } from "../../helpers/devices.ts";
import { relativeDifference } from "../../helpers/compare.ts";
import { goldenConfig as config } from "../../helpers/small_clip.ts";

// Features, loss and gradients of OpenAI's own model code in PyTorch (tests/golden/README.md).
const golden = new URL("../../golden/clip_small/", import.meta.url).pathname;

async function compare(device: Device, tolerance: number): Promise<void> {
  const weights = await openSafetensors(`${golden}clip_small.safetensors`);
  const io = await openSafetensors(`${golden}clip_small_io.safetensors`);
  const expectedGradients = await openSafetensors(`${golden}clip_small_grads.safetensors`);
  const specs = clipParameters(config, openClipNames);
  const symbols = new Map(specs.map(({ name, shape }) => [name, input(name, "float32", shape)]));
  const parameter = (name: string): Tensor => symbols.get(name)!;

  const ids = await io.read("text_ids") as BigInt64Array;
  // The golden vocabulary's end token is its highest id, as in OpenAI's code.
  const ends = Array.from({ length: 4 }, (_, row) => {
    const text = [...ids.subarray(row * 77, row * 77 + 77)];
    return text.reduce((best, id, i) => id > text[best]! ? i : best, 0);
  });
  // Cut at the longest text: exact, as nothing after the end token has influence.
  const tokens = Math.max(...ends) + 1;
  const cut = BigInt64Array.from(
    Array.from({ length: 4 }, (_, row) => [...ids.subarray(row * 77, row * 77 + tokens)]).flat(),
  );

  const pixels = input("pixels", "float32", [4, 3, 64, 64]);
  const idsIn = input("ids", "int64", [4, tokens]);
  const endIn = input("end", "int64", [4]);
  const image = clipImageTower(config, openClipNames).encode(pixels, parameter);
  const text = clipTextTower(config, openClipNames).encode(idsIn, endIn, parameter);
  const scale = exp(parameter("logit_scale"));
  const texts = reshape(l2Normalize(text), [4, 1, 64]);
  const loss = symmetricContrastive(contrastiveLogits(l2Normalize(image), texts, scale));
  const wrt = specs.map(({ name }) => parameter(name));
  const gradients = gradient(loss, wrt);
  const program = await device.compile({
    inputs: [pixels, idsIn, endIn, ...wrt],
    outputs: {
      image_features: image,
      text_features: text,
      loss,
      ...Object.fromEntries(specs.map(({ name }, i) => [`d ${name}`, gradients[i]!])),
    },
  });
  const feeds: Record<string, DeviceTensor> = {
    pixels: device.upload(await io.readFloat32("image"), [4, 3, 64, 64], "float32"),
    ids: device.upload(cut, [4, tokens], "int64"),
    end: device.upload(BigInt64Array.from(ends, BigInt), [4], "int64"),
  };
  for (const { name, shape } of specs) {
    feeds[name] = device.upload(await weights.readFloat32(name), shape, "float32");
  }
  const results = await program.run(feeds);
  for (const name of ["image_features", "text_features", "loss"]) {
    const found = await results[name]!.read() as Float32Array;
    expect(relativeDifference(found, await io.readFloat32(name))).toBeLessThan(tolerance);
  }
  for (const name of expectedGradients.names) {
    const found = await results[`d ${name}`]!.read() as Float32Array;
    const difference = relativeDifference(found, await expectedGradients.readFloat32(name));
    expect([name, difference < tolerance ? "close" : difference]).toEqual([name, "close"]);
  }
  for (const tensor of [...Object.values(results), ...Object.values(feeds)]) tensor.dispose();
  await program.dispose();
  await device.dispose();
}

Deno.test("clip towers: features, loss and gradients equal PyTorch's on the CPU", async () => {
  await compare(await openDevice("cpu"), 1e-4);
});

Deno.test({
  name: "clip towers: features, loss and gradients equal PyTorch's on WebGPU",
  ignore: !await findWebGpu(),
  fn: async () => await compare(await openDevice("webgpu"), 1e-3),
});
