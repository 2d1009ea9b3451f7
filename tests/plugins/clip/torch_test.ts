import { expect } from "expect";
import { createAssets } from "../../../core/host/assets/create_assets.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { openCheckpoint } from "../../../core/host/storage/checkpoint.ts";
import { writeSafetensors } from "../../../core/host/storage/safetensors_writer.ts";
import type { Context } from "../../../core/context.ts";
import type { HostTensor } from "../../../core/model.ts";
import { clip } from "../../../plugins/clip/clip.ts";
import type { ClipConfig } from "../../../plugins/clip/config.ts";
import { clipParameters } from "../../../plugins/clip/parameters.ts";
import { initialValues } from "../../../plugins/clip/initial_values.ts";
import { huggingFaceNames, openClipNames } from "../../../plugins/clip/names.ts";
import { recognizeActivation } from "../../../plugins/clip/activation.ts";
import { huggingFaceConfig } from "../../../plugins/clip/format_config.ts";
import { floats, torchArchive } from "../../helpers/torch_writer.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const config: ClipConfig = {
  dim: 8,
  activation: "quick_gelu",
  epsilon: 1e-5,
  // Published widths, whose heads are known without a configuration.
  image: { size: 32, patch: 16, width: 384, layers: 1, heads: 6, hidden: 64 },
  text: { context: 8, vocabulary: 49408, width: 256, layers: 1, heads: 4, hidden: 64 },
};
const values = initialValues(config, clipParameters(config, openClipNames), 1);

/** That two models are the same, by bytes: element by element takes minutes. */
function expectSame(
  found: ReadonlyMap<string, HostTensor>,
  wanted: ReadonlyMap<string, HostTensor>,
): void {
  expect([...found.keys()]).toEqual([...wanted.keys()]);
  for (const [name, { shape, data }] of wanted) {
    const { shape: own, data: values } = found.get(name)!;
    const same = data.every((value, i) => value === values[i]);
    expect([name, own, values.length, same]).toEqual([name, shape, data.length, true]);
  }
}
const archive = torchArchive(
  Object.fromEntries([...values].map(([name, { shape, data }]) => [name, floats(shape, data)])),
);

function contextIn(folder: string, log: string[] = []): Context {
  return {
    assets: createAssets({ cache: `${folder}/.cache`, offline: true }),
    images: createPicturePool({ workers: 0 }),
    log: (line) => log.push(line),
  };
}

Deno.test("clip: a .pt file is a model as its safetensors would be", () =>
  withFolder(async (folder) => {
    const weights = `${folder}/ViT-B-32.pt`;
    await Deno.writeFile(weights, archive);
    // The name is OpenAI's and open_clip's, whose activations differ: it has to be asked for.
    await expect(clip({ weights }).load(contextIn(folder))).rejects.toThrow(
      `clip.activation: ${weights} has no configuration beside it`,
    );
    const model = await clip({ weights, activation: "gelu" }).load(contextIn(folder));
    expectSame(await model.read(), values);

    // Written back as a folder that says what it is, in a form without code.
    await model.write(`${folder}/out`, await model.read());
    const names = [...Deno.readDirSync(`${folder}/out`)].map(({ name }) => name).toSorted();
    expect(names).toEqual(["open_clip_config.json", "open_clip_model.safetensors"]);
    const again = await clip({ weights: `${folder}/out`, activation: "gelu" })
      .load(contextIn(folder));
    expectSame(await again.read(), values);
    await expect(
      clip({ weights: `${folder}/out`, activation: "quick_gelu" }).load(contextIn(folder)),
    ).rejects.toThrow("was made with gelu, by its configuration; found quick_gelu");
  }));

Deno.test("clip: a folder of Hugging Face may hold pytorch_model.bin", () =>
  withFolder(async (folder) => {
    const values = initialValues(config, clipParameters(config, huggingFaceNames), 1);
    const tensors = [...values].map(([name, { shape, data }]) => [name, floats(shape, data)]);
    await Deno.writeFile(`${folder}/pytorch_model.bin`, torchArchive(Object.fromEntries(tensors)));
    await Deno.writeTextFile(
      `${folder}/config.json`,
      JSON.stringify(huggingFaceConfig(config, "float32")),
    );
    const model = await clip({ weights: folder }).load(contextIn(folder));
    expectSame(await model.read(), values);
    await model.write(`${folder}/out`, values);
    const names = [...Deno.readDirSync(`${folder}/out`)].map(({ name }) => name).toSorted();
    expect(names).toEqual(["config.json", "model.safetensors"]);
  }));

Deno.test("clip: an activation in the file's name is taken and told, and contradicts another", () =>
  withFolder(async (folder) => {
    const weights = `${folder}/vit_b_32-quickgelu-laion400m_e32.pt`;
    await Deno.writeFile(weights, archive);
    const log: string[] = [];
    const model = await clip({ weights }).load(contextIn(folder, log));
    expect(model.name).toContain("quick_gelu");
    expect(log.at(-1)).toBe(
      `${weights}: activation quick_gelu, by "vit_b_32-quickgelu-laion400m_e32.pt"`,
    );
    await expect(clip({ weights, activation: "gelu" }).load(contextIn(folder))).rejects.toThrow(
      `clip.activation: ${weights} was made with quick_gelu, by "vit_b_32-quickgelu`,
    );
  }));

Deno.test("recognizeActivation: TorchScript classes and the run's name tell it, tensors do not", () =>
  withFolder(async (folder) => {
    const golden = new URL("../../golden/torch/", import.meta.url).pathname;
    expect(recognizeActivation(await openCheckpoint(`${golden}script.pt`)))
      .toEqual({ activation: "quick_gelu", evidence: "its TorchScript class QuickGELU" });
    expect(recognizeActivation(await openCheckpoint(`${golden}training.pt`)))
      .toEqual({ activation: "quick_gelu", evidence: '"run-ViT-B-32-quickgelu"' });
    expect(recognizeActivation(await openCheckpoint(`${golden}mixed.pt`))).toBe(undefined);
    const gelu = `${folder}/a.safetensors`;
    const classes = { "torchscript.classes": "__torch__.M __torch__.torch.nn.GELU" };
    await writeSafetensors(gelu, [], classes);
    expect(recognizeActivation(await openCheckpoint(gelu)))
      .toEqual({ activation: "gelu", evidence: "its TorchScript class GELU" });
  }));
