import { createAssets } from "../../../core/host/assets/create_assets.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import type { Benchmark, BenchmarkOptions } from "../../../core/benchmark.ts";
import { readCifar } from "../../../plugins/benchmarks/classification/cifar.ts";
import { cocoRetrieval } from "../../../plugins/benchmarks/retrieval/karpathy_retrieval.ts";
import { cola } from "../../../plugins/benchmarks/suites/cola.ts";
import { sugarCrepe } from "../../../plugins/benchmarks/suites/sugar_crepe.ts";
import { svoProbes } from "../../../plugins/benchmarks/suites/svo_probes.ts";
import { vgRelation } from "../../../plugins/benchmarks/suites/visual_genome_aro.ts";
import { valse } from "../../../plugins/benchmarks/suites/valse.ts";
import { bytesOf, type Files, type FuzzCase, jsonOf } from "../fuzz_case.ts";

const golden = new URL("../../golden/benchmarks/", import.meta.url).pathname;
const context = {
  assets: createAssets({ cache: "/nonexistent", offline: true }),
  images: createPicturePool({ workers: 0 }),
  log: () => {},
};

async function allOf(folder: string): Promise<Files> {
  const files: Record<string, Uint8Array<ArrayBuffer>> = {};
  for await (const { name } of Deno.readDir(golden + folder)) {
    if (name.endsWith(".json")) files[name] = await Deno.readFile(`${golden}${folder}/${name}`);
  }
  return files;
}

/** Pictures that annotations may ask for; they are not opened. */
const pictures = Object.fromEntries(
  ["1", "2", "3"].map((name) => [`pictures/${name}.jpg`, ""]),
);

function annotations(
  name: string,
  file: string,
  benchmark: (options: BenchmarkOptions) => Benchmark,
  rest: Pick<FuzzCase, "valid" | "beside"> & Partial<FuzzCase>,
  isFolder = false,
): FuzzCase {
  return {
    name,
    file,
    form: "json",
    ...rest,
    beside: async () => ({ ...pictures, ...await rest.beside?.() }),
    read: async (path) => {
      const folder = path.slice(0, -file.length - 1);
      const made = benchmark({
        images: `${folder}/pictures`,
        annotations: isFolder ? folder : path,
        partial: true,
      });
      try {
        await made.check!(context);
      } catch (error) {
        // That no picture is there is what is said of the valid ones too.
        if (!(error instanceof Error) || !error.message.includes(`${folder}/pictures`)) throw error;
      }
      return { faults: 0 };
    },
  };
}

/** Annotations of benchmarks. */
export const benchmarkFiles: readonly FuzzCase[] = [
  annotations("SugarCrepe", "swap_att.json", sugarCrepe, {
    valid: async () => [(await allOf("sugar_crepe"))["swap_att.json"] as Uint8Array<ArrayBuffer>],
    beside: async () => await allOf("sugar_crepe"),
  }, true),
  annotations("VALSE", "relations.json", valse, {
    valid: async () => [(await allOf("valse"))["relations.json"] as Uint8Array<ArrayBuffer>],
    beside: async () => await allOf("valse"),
  }, true),
  annotations("COLA", "cola.json", cola, {
    valid: async () => [
      await Deno.readFile(`${golden}cola/COLA_multiobjects_matching_benchmark.json`),
    ],
  }),
  annotations("Karpathy's split", "coco.json", cocoRetrieval as never, {
    valid: async () => [await Deno.readFile(`${golden}karpathy/coco_karpathy_test.json`)],
  }),
  annotations("ARO", "relations.json", vgRelation, {
    valid: jsonOf([1, 2].map((number) => ({
      image_path: `${number}.jpg`,
      bbox_x: 0,
      bbox_y: 0,
      bbox_w: 10,
      bbox_h: 10,
      true_caption: "the horse eats the grass",
      false_caption: "the grass eats the horse",
      relation_name: "eats",
    }))),
  }),
  annotations("SVO-Probes", "svo.csv", svoProbes, {
    form: "text",
    valid: () =>
      Promise.resolve([
        bytesOf(
          "sentence,pos_image_id,neg_image_id,subj_neg,verb_neg,obj_neg\n" +
            'a man runs,1,2,True,False,False\n"a dog, wet, sits",2,3,False,True,False\n',
        ),
      ]),
  }),
  {
    name: "CIFAR",
    file: "test_batch.bin",
    form: "bytes",
    valid: () =>
      Promise.resolve([
        Uint8Array.from({ length: 2 * 3073 }, (_, i) => i % 3073 === 0 ? i % 2 : i % 256),
      ]),
    beside: () => Promise.resolve({ "batches.meta.txt": "cat\ndog\n" }),
    read: async (path) => {
      const { pictures } = await readCifar(path.replace("/test_batch.bin", ""), "cifar10", "test");
      for (const picture of pictures) await picture.read();
      return { faults: 0 };
    },
  },
  {
    name: "CIFAR's classes",
    file: "batches.meta.txt",
    form: "text",
    valid: () => Promise.resolve([bytesOf("cat\ndog\n")]),
    beside: () => Promise.resolve({ "test_batch.bin": new Uint8Array(3073) }),
    // A label beyond the classes is told of the rows, not of the names.
    named: "test_batch.bin",
    read: async (path) => {
      await readCifar(path.replace("/batches.meta.txt", ""), "cifar10", "test");
      return { faults: 0 };
    },
  },
];
