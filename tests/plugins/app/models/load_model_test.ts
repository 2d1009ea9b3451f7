import { expect } from "expect";
import { decodePicture } from "../../../../core/host/images/decode.ts";
import { openSafetensors } from "../../../../core/host/storage/safetensors.ts";
import { loadModel } from "../../../../plugins/app/models/load_model.ts";
import type { LoadedModel } from "../../../../plugins/app/models/loaded_model.ts";
import { leaseDevice, leasePicturePool } from "../../../../plugins/app/models/surroundings.ts";
import { sugarCrepe } from "../../../../plugins/benchmarks/suites/sugar_crepe.ts";
import { tinyClip } from "../../../../plugins/scenes/tiny_clip.ts";
import type { Evaluation } from "../../../../core/evaluator.ts";
import { relativeDifference } from "../../../helpers/compare.ts";
import { runCommand } from "../../../helpers/run_command.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

const tests = new URL("../../../", import.meta.url).pathname;
const families = `${tests}golden/family_folders`;
const photos = `${tests}data/photos`;
/** SugarCrepe's files with two items each. */
async function writeItems(folder: string): Promise<string> {
  await Deno.mkdir(folder);
  const item = (filename: string, caption: string, negative_caption: string) => (
    { filename, caption, negative_caption }
  );
  const items = {
    "0": item("000000161044.jpg", "A dog on a bench.", "A bench on a dog."),
    "1": item("000000205401.jpg", "Two people ride bikes.", "Two bikes ride people."),
  };
  const kinds = ["add_att", "add_obj", "replace_att", "replace_obj", "replace_rel", "swap_att"];
  for (const kind of [...kinds, "swap_obj"]) {
    await Deno.writeTextFile(`${folder}/${kind}.json`, JSON.stringify(items));
  }
  return folder;
}

const quiet = { device: "cpu", log: () => {} } as const;

for (const family of ["clipa", "clips", "siglip", "worldwide"]) {
  Deno.test(`loadModel: ${family} gives its library's embeddings, by paths`, async () => {
    const { texts, pictures } = JSON.parse(await Deno.readTextFile(`${families}/items.json`));
    await using model = await loadModel(`${families}/${family}`, { ...quiet, chunk: 3 });
    const paths = pictures.map((name: string) => `${tests}golden/preprocess/${name}`);
    const rows = {
      images: await model.embedImages(paths),
      texts: await model.embedTexts(texts),
    };
    const expected = await openSafetensors(`${families}/${family}/expected.safetensors`);
    for (const kind of ["images", "texts"] as const) {
      const values = Float32Array.from(rows[kind].flatMap((row) => [...row]));
      expect(relativeDifference(values, await expected.readFloat32(kind))).toBeLessThan(1e-4);
    }
  });
}

Deno.test("loadModel: cosines, logits and beliefs are those of what evaluate and the formulas give", () =>
  withFolder(async (folder) => {
    const annotations = await writeItems(`${folder}/items`);
    for (const family of ["siglip", "clips"]) {
      const weights = `${families}/${family}`;
      const { code, err } = await runCommand(
        ...["evaluate", weights, "sugar_crepe", "--partial", "--no-cache", "--device", "cpu"],
        ...["--images", photos, "--annotations", annotations, "--out", `${folder}/${family}`],
      );
      expect(code === 0 ? "" : err).toBe("");
      const evaluations = JSON.parse(
        await Deno.readTextFile(`${folder}/${family}/scores/all.json`),
      ) as readonly Evaluation[];
      const items = evaluations.flatMap(({ itemScores = [] }) => itemScores);
      expect(items).toHaveLength(14);
      await using model = await loadModel(weights, quiet);
      // The same benchmark on the same towers: to the last bit.
      const again = await sugarCrepe({ images: photos, annotations, partial: true })
        .evaluate(model.encoder, model.context);
      expect(again.flatMap(({ itemScores = [] }) => itemScores)).toEqual(items);

      const [{ images = [], texts = [], scores }] = items as [NonNullable<typeof items[0]>];
      const similarity = await model.similarity([`${photos}/${images[0]}`], texts);
      const cosines = [...similarity.cosines[0]!];
      cosines.forEach((cosine, i) => expect(cosine).toBeCloseTo(scores[i]!, 6));

      const file = await openSafetensors(
        `${weights}/${family === "siglip" ? "model" : "open_clip_model"}.safetensors`,
      );
      const scale = Math.exp((await file.readFloat32("logit_scale"))[0]!);
      const bias = family === "siglip" ? (await file.readFloat32("logit_bias"))[0]! : 0;
      const logits = cosines.map((cosine) => scale * cosine + bias);
      const powers = logits.map((logit) => Math.exp(logit));
      const sum = powers.reduce((a, b) => a + b);
      // Sigmoids of SigLIP's pairs, a softmax over the texts of others.
      const beliefs = family === "siglip"
        ? logits.map((logit) => 1 / (1 + Math.exp(-logit)))
        : powers.map((power) => power / sum);
      logits.forEach((each, i) => expect(similarity.logits()[0]![i]).toBeCloseTo(each, 5));
      beliefs.forEach((each, i) => expect(similarity.probabilities()[0]![i]).toBeCloseTo(each, 6));
    }
  }));

Deno.test("loadModel: a picture is the same by path, address, bytes and pixels; rows stand in for items", async () => {
  await using model = await loadModel(tinyClip(), quiet);
  const path = `${photos}/000000161044.jpg`;
  const [byPath, ...others] = await model.embedImages([
    path,
    new URL(`file://${path}`),
    await Deno.readFile(path),
    await decodePicture(path),
  ]);
  for (const row of others) expect(row).toEqual(byPath);
  const [text] = await model.embedTexts(["a red circle"]);
  const plain = await model.similarity([path], ["a red circle", "a blue star"]);
  const mixed = await model.similarity([byPath!], [text!, "a blue star"]);
  mixed.cosines[0]!.forEach((each, i) => expect(each).toBeCloseTo(plain.cosines[0]![i]!, 6));
  expect((await model.similarity([], [])).cosines).toEqual([]);
  expect(await model.embedImages([])).toEqual([]);
  expect((await model.similarity([path], [])).probabilities()[0]).toHaveLength(0);
});

Deno.test("loadModel: what is no picture, text, row or model is refused by its place", async () => {
  await using model = await loadModel("tiny", quiet);
  await expect(model.embedImages([7] as never)).rejects.toThrow("picture 0: expected a path");
  await expect(model.embedImages("cat.jpg" as never)).rejects.toThrow("pictures: expected a list");
  await expect(model.embedTexts([7] as never)).rejects.toThrow("text 0: expected a string");
  await expect(model.similarity([new Float32Array(3)], ["a"]))
    .rejects.toThrow("pictures: expected embeddings of 128 values, found 3 at 0");
  await expect(model.similarity([new Float32Array(128)], ["a"])).rejects.toThrow("has length 0");
  await expect(loadModel("/nowhere", quiet)).rejects.toThrow("/nowhere");
  await expect(loadModel("tiny", { ...quiet, chunk: 0 })).rejects.toThrow("chunk: expected");
});

Deno.test("loadModel: what is saved is loaded again by its folder or its file", () =>
  withFolder(async (folder) => {
    await using first = await loadModel("tiny", quiet);
    await first.save(`${folder}/model`);
    const card = await Deno.readTextFile(`${folder}/model/README.md`);
    expect(card).toContain(
      `# model\n\nA copy of ${first.name}, saved by a script, made with Syntagma.`,
    );
    expect(card).toContain("It was not scored. `evaluate` scores it.");
    expect(card).toContain('library_name: "open_clip"');
    const textOf = async (model: LoadedModel) => (await model.embedTexts(["a red circle"]))[0];
    const load = async (reference: string) => {
      await using model = await loadModel(reference, quiet);
      return await textOf(model);
    };
    const row = await textOf(first);
    expect(await load(`${folder}/model`)).toEqual(row);
    expect(await load(`${folder}/model/open_clip_model.safetensors`)).toEqual(row);
  }));

Deno.test("loadModel: models share a device and workers, which end with the last one", async () => {
  const first = await loadModel("tiny", quiet);
  const second = await loadModel("tiny", quiet);
  expect(first.context.images).toBe(second.context.images);
  const { images } = first.context;
  // Together, though their calls overlap.
  const [a, b] = await Promise.all([first.embedTexts(["a"]), second.embedTexts(["a"])]);
  expect(a).toEqual(b);
  await first[Symbol.asyncDispose]();
  await first[Symbol.asyncDispose]();
  expect(() => first.encoder.texts(["a"])).toThrow("used after it was disposed of");
  expect(await second.embedTexts(["a"])).toEqual(b);
  await second[Symbol.asyncDispose]();
  await expect(images.decode(new Uint8Array(), { kind: "full" })).rejects.toThrow("closed");
  expect(() => second.device.zeros([1], "float32")).toThrow("used after it was disposed");
  // One that is given belongs to whoever gives it.
  const { value: device, ...lease } = await leaseDevice("cpu");
  await (await loadModel("tiny", { device, log: () => {} }))[Symbol.asyncDispose]();
  device.zeros([1], "float32").dispose();
  await lease[Symbol.asyncDispose]();
  await using pool = await leasePicturePool();
  expect(pool.value).not.toBe(images);
});
