import { expect } from "expect";
import { createAssets } from "../../../core/host/assets/create_assets.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { openClipFit, transformersFit } from "../../../core/images/square_fit.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { createForward } from "../../../core/towers/forward.ts";
import { uploadParameters } from "../../../core/towers/device_parameters.ts";
import type { Context } from "../../../core/context.ts";
import type { DualEncoder, HostTensor, Preprocessing } from "../../../core/model.ts";
import { clip } from "../../../plugins/clip/clip.ts";
import { clipNormalization } from "../../../plugins/clip/normalization.ts";
import type { ClipConfig } from "../../../plugins/clip/config.ts";
import { clipParameters } from "../../../plugins/clip/parameters.ts";
import { type ClipNames, huggingFaceNames, openClipNames } from "../../../plugins/clip/names.ts";
import { initialValues } from "../../../plugins/clip/initial_values.ts";
import { writeModelFolder } from "../../../plugins/clip/weights.ts";
import { withFolder } from "../../helpers/with_folder.ts";

// The table of positions is 16 × 8.
const config: ClipConfig = {
  dim: 32,
  activation: "quick_gelu",
  epsilon: 1e-5,
  image: { size: 32, patch: 16, width: 64, layers: 1, heads: 1, hidden: 128 },
  text: { context: 16, vocabulary: 49408, width: 8, layers: 2, heads: 1, hidden: 16 },
};

const preprocessingOf = ({ scheme }: ClipNames): Preprocessing => ({
  ...clipNormalization,
  size: 32,
  fit: scheme === "huggingface" ? transformersFit : openClipFit,
});

type Values = ReadonlyMap<string, HostTensor>;

async function withModel(
  work: (place: { context: Context; folder: string }) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    using images = createPicturePool({ workers: 0 });
    const assets = createAssets({ cache: `${folder}/.cache`, offline: true });
    await work({ context: { assets, images, log: () => {} }, folder });
  });
}

async function textFeatures(model: DualEncoder, ids: readonly number[]): Promise<Float32Array> {
  const device = await openDevice("cpu");
  const parameters = await uploadParameters(device, model);
  const forward = createForward({ device, model, parameters, chunk: 8 });
  try {
    return await forward.texts([ids]);
  } finally {
    for (const tensor of parameters.values()) tensor.dispose();
    await device.dispose();
  }
}

for (const names of [openClipNames, huggingFaceNames]) {
  Deno.test(`clip: a context cuts the table of positions, and what is written has all of it (${names.scheme})`, () =>
    withModel(async ({ context, folder }) => {
      const table = names.text.position;
      const values: Values = initialValues(config, clipParameters(config, names), 3);
      const weights = `${folder}/source`;
      await writeModelFolder(weights, {
        config,
        names,
        preprocessing: preprocessingOf(names),
        values,
      });
      const cut = await clip({ weights, context: 10 }).load(context);
      expect(cut.text.contextLength).toBe(10);
      expect(cut.parameters.find(({ name }) => name === table)!.shape).toEqual([10, 8]);
      const read = await cut.read();
      expect(read.get(table)).toEqual({
        shape: [10, 8],
        data: values.get(table)!.data.slice(0, 80),
      });
      expect((await cut.read([table])).get(table)).toEqual(read.get(table));
      expect((await cut.read([names.logitScale])).has(table)).toBe(false);
      // A text that fits has the same embedding as with the whole table.
      const whole = await clip({ weights }).load(context);
      expect(whole.text.contextLength).toBe(16);
      const text = [48, 5, 6, 7, 8, 9, 10, 11, 12, 49];
      expect(await textFeatures(cut, text)).toEqual(await textFeatures(whole, text));

      // Trained: the first 10 rows are ones. Rows 10 to 15 come back as the source has them.
      const trained = new Map(read).set(table, {
        shape: [10, 8],
        data: new Float32Array(80).fill(1),
      });
      await cut.write(`${folder}/out`, trained);
      const again = await clip({ weights: `${folder}/out` }).load(context);
      expect(again.text.contextLength).toBe(16);
      const written = (await again.read()).get(table)!;
      expect(written.shape).toEqual([16, 8]);
      expect(written.data.subarray(0, 80).every((value) => value === 1)).toBe(true);
      expect(written.data.subarray(80)).toEqual(values.get(table)!.data.subarray(80));
      for (const [name, value] of values) {
        if (name !== table) expect((await again.read()).get(name)).toEqual(value);
      }
    }));
}

Deno.test("clip: a context that the weights have no places for is refused, as is one below 2", () =>
  withModel(async ({ context, folder }) => {
    const values = initialValues(config, clipParameters(config, openClipNames), 3);
    const parts = {
      ...{ config, names: openClipNames, values },
      preprocessing: preprocessingOf(openClipNames),
    };
    await writeModelFolder(folder, parts);
    await expect(clip({ weights: folder, context: 17 }).load(context)).rejects.toThrow(
      "clip.context: expected at most 16, the places that the table of positions in " +
        `${folder}/open_clip_model.safetensors has, found 17`,
    );
    const exact = await clip({ weights: folder, context: 16 }).load(context);
    expect((await exact.read()).get("positional_embedding")!.shape).toEqual([16, 8]);
    expect(() => clip({ weights: folder, context: 1 })).toThrow("clip.context");
  }));

Deno.test("clip: an architecture refuses weights with a cut table, unless a context is asked for", () =>
  withModel(async ({ context, folder }) => {
    // Everything else of this model differs from a ViT-B/32 too; the faults are told by name.
    const values = initialValues(config, clipParameters(config, openClipNames), 3);
    const parts = {
      ...{ config, names: openClipNames, values },
      preprocessing: preprocessingOf(openClipNames),
    };
    await writeModelFolder(folder, parts);
    const faults = async (asked: { readonly context?: number }): Promise<string> => {
      const model = clip({ weights: folder, architecture: "ViT-B-32-quickgelu", ...asked });
      return await model.load(context).then(() => "", ({ message }) => message);
    };
    const refused = await faults({});
    expect(refused).toContain("expected text.context 77, found 16");
    expect(refused).toContain("clip.context takes weights whose table of positions was cut");
    expect(await faults({ context: 10 })).not.toContain("text.context");
    expect(await faults({ context: 10 })).toContain("expected dim 512, found 32");
  }));

Deno.test("clip: generated weights, of dry runs, have the context that is asked for", async () => {
  const source = clip({ weights: "none", architecture: "ViT-B-32-quickgelu", context: 64 });
  const { parameters, text } = await source.generate(0);
  expect(text.contextLength).toBe(64);
  expect(parameters.find(({ name }) => name === "positional_embedding")!.shape).toEqual([64, 512]);
  await expect(source.with({ context: 78 }).generate(0)).rejects.toThrow("expected at most 77");
});
