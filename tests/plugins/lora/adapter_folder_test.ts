import { expect } from "expect";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { decodePicture } from "../../../core/host/images/decode.ts";
import { openSafetensors } from "../../../core/host/storage/safetensors.ts";
import { writeSafetensors } from "../../../core/host/storage/safetensors_writer.ts";
import { gradient } from "../../../core/graph/gradient.ts";
import { add, mul } from "../../../core/graph/elementwise.ts";
import { sum } from "../../../core/graph/linear.ts";
import { constant } from "../../../core/graph/node.ts";
import type { DualEncoder, HostTensor } from "../../../core/model.ts";
import { parameterSymbols } from "../../../core/towers/symbols.ts";
import { uploadParameters } from "../../../core/towers/device_parameters.ts";
import { createEncoder } from "../../../core/towers/encoder.ts";
import { clip } from "../../../plugins/clip/clip.ts";
import { readAdapterConfig, readAdapters } from "../../../plugins/lora/adapter_folder.ts";
import { linearLayers } from "../../../plugins/lora/linear_layers.ts";
import { lora } from "../../../plugins/lora/lora.ts";
import { relativeDifference } from "../../helpers/compare.ts";
import { withContext } from "../../helpers/with_context.ts";

// Adapters that PEFT wrote around small models, and what it makes of texts and pictures with them
// (tests/golden/README.md).
const golden = new URL("../../golden/", import.meta.url).pathname;
const items = JSON.parse(Deno.readTextFileSync(`${golden}family_folders/items.json`)) as {
  readonly texts: readonly string[];
  readonly pictures: readonly string[];
};
const cases = { lora: "siglip", dora: "siglip", packed: "clipa" } as const;

function adapted(name: keyof typeof cases) {
  return lora({
    model: clip({ weights: `${golden}family_folders/${cases[name]}` }),
    adapter: `${golden}adapters/${name}`,
  });
}

async function embed(model: DualEncoder, values?: ReadonlyMap<string, HostTensor>) {
  const device = await openDevice("cpu");
  const read = values && (() => Promise.resolve(values));
  const parameters = await uploadParameters(device, { ...model, ...(read && { read }) });
  const encoder = createEncoder({ device, model, parameters, chunk: 4 });
  const texts = await encoder.texts(items.texts);
  const rasters = await Promise.all(
    items.pictures.map((file) => decodePicture(`${golden}preprocess/${file}`)),
  );
  const images = await encoder.images(rasters.length, (i) => Promise.resolve(rasters[i]!));
  for (const tensor of parameters.values()) tensor.dispose();
  await device.dispose();
  return { texts, images };
}

for (const name of Object.keys(cases) as (keyof typeof cases)[]) {
  Deno.test(`readAdapters: the adapters ${name} of PEFT give its embeddings, beside the weights and merged`, () =>
    withContext(async (_, context) => {
      const expected = await openSafetensors(`${golden}adapters/${name}/expected.safetensors`);
      const model = await adapted(name).load(context);
      const { model: plain, values } = model.plain!;
      const both = [await embed(model), await embed(plain, values(await model.read()))];
      for (const { texts, images } of both) {
        expect(relativeDifference(texts, await expected.readFloat32("texts"))).toBeLessThan(1e-4);
        expect(relativeDifference(images, await expected.readFloat32("images"))).toBeLessThan(1e-4);
      }
    }));

  Deno.test(`adaptedLookup: the gradients of the adapters ${name} are those of PyTorch`, () =>
    withContext(async (_, context) => {
      const expected = await openSafetensors(`${golden}adapters/${name}/expected.safetensors`);
      const model = await adapted(name).load(context);
      const values = await model.read();
      const { lookup, used } = parameterSymbols(model);
      const given = async (key: string) =>
        constant(await expected.readFloat32(key), expected.info(key).shape);
      const [rows, tokens] = expected.info("ids").shape as [number, number];
      const ids = constant(await expected.read("ids") as BigInt64Array, [rows, tokens], "int64");
      const end = constant(new Array(rows).fill(tokens - 1), [rows], "int64");
      const texts = model.text.encode(ids, end, lookup);
      const images = model.image.encode(await given("pixels"), lookup);
      const loss = add(
        sum(mul(texts, await given("seed.texts"))),
        sum(mul(images, await given("seed.images"))),
      );
      const own = model.parameters.filter(({ fixed }) => !fixed);
      const gradients = gradient(loss, own.map(({ name }) => lookup(name)));
      const device = await openDevice("cpu");
      const program = await device.compile({
        inputs: [...used.values()],
        outputs: Object.fromEntries(gradients.map((each, i) => [`${i}`, each])),
      });
      const feeds = Object.fromEntries([...used].map(([name, { shape }]) => [
        name,
        device.upload(values.get(name)!.data, shape, "float32"),
      ]));
      const results = await program.run(feeds);
      const keys = expected.names.filter((key) => key.startsWith("grad."));
      expect(keys.length).toBe(own.length);
      for (const [i, spec] of own.entries()) {
        // PEFT's module of lengths has a parameter `weight` until it is saved.
        const key = [`grad.${spec.name}`, `grad.${spec.name}.weight`]
          .find((each) => expected.has(each))!;
        const found = await results[`${i}`]!.read() as Float32Array;
        expect([spec.name, relativeDifference(found, await expected.readFloat32(key)) < 1e-4])
          .toEqual([spec.name, true]);
      }
      for (const tensor of [...Object.values(feeds), ...Object.values(results)]) tensor.dispose();
      await program.dispose();
      await device.dispose();
    }));

  Deno.test(`writeAdapters: the adapters ${name} are written as PEFT wrote them, and read again`, () =>
    withContext(async (folder, context) => {
      const model = await adapted(name).load(context);
      const values = await model.read();
      await model.write(folder, values);
      const before = await openSafetensors(`${golden}adapters/${name}/adapter_model.safetensors`);
      const after = await openSafetensors(`${folder}/adapter/adapter_model.safetensors`);
      expect(after.names.toSorted()).toEqual(before.names.toSorted());
      for (const tensor of before.names) {
        expect(after.info(tensor)).toEqual(before.info(tensor));
        // Of what changes nothing one of the matrices is free.
        if (tensor.includes("out_proj.lora_A") && name === "packed") continue;
        expect(await after.read(tensor)).toEqual(await before.read(tensor));
      }
      const again = await lora({
        model: clip({ weights: `${golden}family_folders/${cases[name]}` }),
        adapter: `${folder}/adapter`,
      }).load(context);
      expect(await again.read()).toEqual(values);
      expect((await embed(again)).texts).toEqual((await embed(model)).texts);
      // The folder around it is the plain model's, with the changes in its weights.
      const merged = await clip({ weights: folder }).load(context);
      const { texts } = await embed(merged);
      const expected = await openSafetensors(`${golden}adapters/${name}/expected.safetensors`);
      expect(relativeDifference(texts, await expected.readFloat32("texts"))).toBeLessThan(1e-4);
    }));
}

Deno.test("readAdapters: an adapter that PEFT would add twice is refused", () =>
  withContext(async (folder, context) => {
    const source = `${golden}adapters/packed`;
    const { assets } = context;
    await Deno.copyFile(`${source}/adapter_config.json`, `${folder}/adapter_config.json`);
    const file = await openSafetensors(`${source}/adapter_model.safetensors`);
    const up = file.names.find((name) => name.endsWith("out_proj.lora_B.weight"))!;
    await writeSafetensors(
      `${folder}/adapter_model.safetensors`,
      file.names.map((name) => ({
        ...{ name, dtype: "F32", shape: file.info(name).shape },
        data: async () => (await file.readFloat32(name)).fill(name === up ? 1 : 0),
      })),
    );
    const config = await readAdapterConfig(folder, assets);
    expect([config.rank, config.alpha, config.dora]).toEqual([2, 6, false]);
    const base = await clip({ weights: `${golden}family_folders/clipa` }).load(context);
    const layers = linearLayers(base);
    await expect(readAdapters(folder, { config, layers, assets })).rejects.toThrow(
      `expected "${up}" to be zero: PEFT adds what stands there twice`,
    );
  }));
