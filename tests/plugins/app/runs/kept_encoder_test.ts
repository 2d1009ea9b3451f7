import { expect } from "expect";
import type { Encoder } from "../../../../core/evaluator.ts";
import { openDevice } from "../../../../core/host/devices/open_device.ts";
import { uploadParameters } from "../../../../core/towers/device_parameters.ts";
import { keptEncoder } from "../../../../plugins/app/runs/kept_encoder.ts";
import { miniClip } from "../../../helpers/small_clip.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

Deno.test("keptEncoder: embeds a text once, whichever encoder of the model asks; nothing is kept without a folder", () =>
  withFolder(async (embeddings) => {
    const device = await openDevice("cpu");
    const model = miniClip(3);
    const parameters = await uploadParameters(device, model);
    let asked = 0;
    const encoder: Encoder = {
      dim: 2,
      images: () => Promise.reject(new Error("no pictures")),
      texts: (texts) => {
        asked += texts.length;
        return Promise.resolve(new Float32Array(texts.length * 2).fill(1));
      },
    };
    const of = (embeddings?: string) =>
      keptEncoder(encoder, { model, parameters, device, embeddings, log: () => {} });
    expect(await of()).toBe(encoder);
    await (await of(embeddings)).texts(["a cat", "a dog"]);
    await (await of(embeddings)).texts(["a dog"]);
    expect(asked).toBe(2);
    await device.dispose();
  }));
