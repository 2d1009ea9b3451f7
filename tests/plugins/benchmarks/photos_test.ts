import { expect } from "expect";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { createEncoder } from "../../../core/towers/encoder.ts";
import { uploadParameters } from "../../../core/towers/device_parameters.ts";
import { sugarCrepe } from "../../../plugins/benchmarks/suites/sugar_crepe.ts";
import { sugarCrepePp } from "../../../plugins/benchmarks/suites/sugar_crepe_pp.ts";
import { clip, generateClip } from "../../../plugins/clip/clip.ts";
import { huggingFaceNames } from "../../../plugins/clip/names.ts";
import golden from "../../golden/benchmarks/photo_scores.json" with { type: "json" };
import { benchmarkContext } from "../../helpers/benchmark_fixture.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const images = new URL("../../data/photos", import.meta.url).pathname;

/** Annotation files in a benchmark's own form with the items of the three photos only. */
async function writeAnnotations(folder: string, benchmark: string, subsets: readonly string[]) {
  await Deno.mkdir(folder);
  for (const name of subsets) {
    const items = golden.filter((each) => each.benchmark === benchmark && each.subset === name);
    const content = benchmark === "sugar_crepe"
      ? Object.fromEntries(items.map(({ id, item }) => [id, item]))
      : items.map(({ item }) => item);
    await Deno.writeTextFile(`${folder}/${name}.json`, JSON.stringify(content));
  }
  return folder;
}

// The scores are PyTorch's: transformers' CLIP on the same file of weights, Pillow's preprocessing.
Deno.test("sugarCrepe, sugarCrepePp: photos on a full-size checkpoint score as in PyTorch", () =>
  withFolder(async (folder) => {
    const random = await generateClip("ViT-B-32-quickgelu", 0, huggingFaceNames);
    await random.write(`${folder}/weights`, await random.read());
    using pool = createPicturePool({ workers: 1 });
    const context = { ...benchmarkContext(), images: pool };
    const model = await clip({ weights: `${folder}/weights` }).load(context);
    const device = await openDevice("cpu");
    const parameters = await uploadParameters(device, model);
    const encoder = createEncoder({ device, model, parameters, chunk: 16 });
    const replaceAndSwap = ["replace_att", "replace_obj", "replace_rel", "swap_att", "swap_obj"];
    const found: { id: string; scores: readonly number[] }[] = [];
    for (
      const [name, make, subsets] of [
        ["sugar_crepe", sugarCrepe, ["add_att", "add_obj", ...replaceAndSwap]],
        ["sugar_crepe_pp", sugarCrepePp, replaceAndSwap],
      ] as const
    ) {
      const annotations = await writeAnnotations(`${folder}/${name}`, name, subsets);
      const benchmark = make({ images, annotations, partial: true });
      for (const { dataset, itemScores = [] } of await benchmark.evaluate(encoder, context)) {
        const subset = dataset.split("/")[1]!;
        found.push(
          ...itemScores.map(({ id, scores }) => ({ id: `${name} ${subset} ${id}`, scores })),
        );
      }
    }
    await device.dispose();
    expect(found.map(({ id }) => id))
      .toEqual(golden.map(({ benchmark, subset, id }) => `${benchmark} ${subset} ${id}`));
    for (const [place, { scores }] of golden.entries()) {
      expect(found[place]!.scores).toHaveLength(scores.length);
      for (const [i, score] of scores.entries()) {
        expect(Math.abs(found[place]!.scores[i]! - score)).toBeLessThan(1e-4);
      }
    }
  }));
