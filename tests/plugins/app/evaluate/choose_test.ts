import { expect } from "expect";
import { joinPlugins } from "../../../../core/join_plugins.ts";
import { plugins } from "../../../../plugins/index.ts";
import { BENCHMARKS } from "../../../../plugins/benchmarks/registry.ts";
import { sugarCrepePp } from "../../../../plugins/benchmarks/suites/sugar_crepe_pp.ts";
import { zeroShotCifar10 } from "../../../../plugins/benchmarks/classification/zero_shot_sets.ts";
import {
  type BenchmarkChoices,
  chooseBenchmarks,
} from "../../../../plugins/app/evaluate/benchmark_list.ts";
import { openResultFolder } from "../../../../plugins/app/evaluate/result_folder.ts";
import {
  benchmarkContext,
  writePicture,
  writtenEncoder,
} from "../../../helpers/benchmark_fixture.ts";
import { runCommand } from "../../../helpers/run_command.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

const known = await joinPlugins(plugins).benchmarks();

/** The options that a benchmark is made with, by its name. */
async function optionsOf(names: string[], choices: BenchmarkChoices) {
  const chosen = await chooseBenchmarks(names, choices, known);
  const made = await Promise.all(
    chosen.map(async ({ name, create }) => [name, (await create()).options] as const),
  );
  return new Map(made);
}

async function write(path: string, text: string): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(path, text);
}

Deno.test("chooseBenchmarks: all are the field's, each once; options go to those that take them", async () => {
  const all = await chooseBenchmarks(["all", "sugar_crepe", "scenes_pairs"], {}, known);
  const names = all.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain("winoground");
  expect(names.at(-1)).toBe("scenes_pairs");
  await withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/sugar_crepe`);
    const choices = { images: [folder], limit: 3, partial: true };
    const options = await optionsOf(["sugar_crepe", "cola", "scenes_pairs"], choices);
    expect(options.get("sugar_crepe"))
      .toMatchObject({ images: [`${folder}/sugar_crepe`], limit: 3, partial: true });
    expect(options.get("cola")).toMatchObject({ images: [folder] });
    expect(options.get("scenes_pairs")).toMatchObject({ items: 3 });
  });
});

for (const [name, { takes, source }] of Object.entries(BENCHMARKS)) {
  Deno.test(`chooseBenchmarks: ${name} can be made of what the command gives`, async () => {
    const images = ["a", "b"];
    const given = { images, partial: true, limit: 2 };
    const annotations = takes.includes("annotations") && source.annotations === null
      ? { annotations: "c" }
      : {};
    const options = (await optionsOf([name], { ...given, ...annotations })).get(name)!;
    expect(options).toMatchObject({ partial: true, limit: 2 });
    expect(options["images"]).toEqual(takes.includes("images") ? images : null);
  });
}

Deno.test("chooseBenchmarks: a name may be written otherwise, and so may a folder's", () =>
  withFolder(async (folder) => {
    const asked = ["sugarCrepe", "SugarCrepe", "sugar-crepe", "VL_CheckList"];
    const chosen = await chooseBenchmarks(asked, {}, known);
    expect(chosen.map(({ name }) => name)).toEqual(["sugar_crepe", "vl_checklist"]);
    await Deno.mkdir(`${folder}/SugarCrepe`);
    await write(`${folder}/notes/SugarCrepe.json`, "[]");
    const choices = { images: [folder], annotations: `${folder}/notes` };
    expect((await optionsOf(["sugarcrepe"], choices)).get("sugar_crepe")).toMatchObject({
      images: [`${folder}/SugarCrepe`],
      annotations: `${folder}/notes/SugarCrepe.json`,
    });
  }));

Deno.test("chooseBenchmarks: annotations by folder or file of a benchmark's name, else the authors'", () =>
  withFolder(async (folder) => {
    await write(`${folder}/sugar_crepe_pp/replace_att.json`, "[]");
    await write(`${folder}/winoground/examples.jsonl`, "");
    await write(`${folder}/cola.json`, "[]");
    await write(`${folder}/svo_probes.csv`, "");
    await write(`${folder}/coco_retrieval.json`, "[]");
    const choices = { images: [folder], annotations: folder };
    const options = await optionsOf(["all"], choices);
    const found = Object.fromEntries(
      [...options].map(([name, { annotations }]) => [name, annotations]),
    );
    const authors = Object.fromEntries(
      Object.entries(BENCHMARKS).filter(([, { inAll }]) => inAll !== false).map((
        [name, { source, takes }],
      ) => [name, takes.includes("annotations") ? source.annotations : undefined]),
    );
    expect(found).toEqual({
      ...authors,
      sugar_crepe_pp: `${folder}/sugar_crepe_pp`,
      sugar_crepe_pp_text: `${folder}/sugar_crepe_pp`,
      // The folder holds the file by its authors' name.
      winoground: `${folder}/winoground/examples.jsonl`,
      cola: `${folder}/cola.json`,
      svo_probes: `${folder}/svo_probes.csv`,
      // Both use Karpathy's test split.
      coco_retrieval: `${folder}/coco_retrieval.json`,
      coco_order: `${folder}/coco_retrieval.json`,
    });
  }));

Deno.test("chooseBenchmarks: for a single benchmark the annotations are what is given", () =>
  withFolder(async (folder) => {
    const given = async (names: string[], annotations: string) =>
      (await optionsOf(names, { images: [folder], annotations })).get(names[0]!)!["annotations"];
    await write(`${folder}/x.json`, "[]");
    expect(await given(["sugar_crepe"], folder)).toBe(folder);
    expect(await given(["sugar_crepe", "cifar10", "scenes_pairs"], folder)).toBe(folder);
    expect(await given(["coco_order", "coco_retrieval"], `${folder}/x.json`))
      .toBe(`${folder}/x.json`);
    expect(await given(["cola"], "https://example.org/x.json")).toBe("https://example.org/x.json");
    await write(`${folder}/examples.jsonl`, "");
    expect(await given(["winoground"], folder)).toBe(`${folder}/examples.jsonl`);
    for (const annotations of [`${folder}/x.json`, `${folder}/none`, "hf:datasets/o/r"]) {
      await expect(given(["cola", "cifar10", "sugar_crepe"], annotations)).rejects.toThrow(
        new RangeError(
          "--annotations: expected a folder with a folder or file for each of cola, sugar_crepe, " +
            `found ${annotations}, which is none`,
        ),
      );
    }
  }));

Deno.test("chooseBenchmarks: one's own data are zero-shot classes, captions and a probe", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/fine_label_names.txt`, "cat\n");
    const [classes, probe] = [`folder:${folder}/`, `probe:${folder}`];
    const [table, coco] = ["captions:hf:datasets/o/r/a.tsv", "captions:a/captions.json"];
    const options = await optionsOf([classes, probe, table, coco], { limit: 2, images: ["p"] });
    expect(options.get(classes)).toMatchObject({
      images: folder,
      dataset: folder,
      format: "cifar100",
      limit: 2,
    });
    expect(options.get(probe)).toMatchObject({ images: folder, format: "cifar100", limit: 2 });
    expect(options.get(table)).toMatchObject({
      dataset: "hf:datasets/o/r/a.tsv",
      limit: 2,
      data: { name: "captions", path: "hf:datasets/o/r/a.tsv", images: ["p"] },
    });
    expect(options.get(coco)).toMatchObject({ data: { name: "captions", images: ["p"] } });
    const chosen = { imageColumn: "file", captionColumns: ["2", "long"], delimiter: "tab" };
    expect((await optionsOf([coco], chosen)).get(coco)).toMatchObject({
      data: { images: null, delimiter: "\t", columns: { image: "file", captions: [2, "long"] } },
    });

    await expect(chooseBenchmarks(["probe:"], {}, known)).rejects.toThrow(
      /^expected probe:<folder with train and test.*>, found no path in "probe:"$/,
    );
    await expect(chooseBenchmarks(["cifar:x"], {}, known)).rejects.toThrow(
      /no benchmark "cifar:x".*\n.*of one's own data: folder:<.*captions:<.*probe:</,
    );
  }));

Deno.test("chooseBenchmarks: a table's pictures are in --images or where the table has them", () =>
  withFolder(async (folder) => {
    await write(`${folder}/mine/captions.csv`, "0.png,A black square.\n");
    await Deno.mkdir(`${folder}/coco`);
    const name = `captions:${folder}/mine/captions.csv`;
    const check = async () => {
      const context = benchmarkContext();
      const [chosen] = await chooseBenchmarks([name], { images: [`${folder}/coco`] }, known);
      await (await chosen!.create()).check!(context);
      return context.lines;
    };
    await expect(check()).rejects.toThrow(`no file at ${folder}/coco/0.png`);
    // One folder for COCO's benchmarks does not hide the pictures of one's own.
    await writePicture(`${folder}/mine/0.png`, 0);
    expect((await check()).at(-1)).toContain(`pictures from ${folder}/mine`);
    await writePicture(`${folder}/coco/0.png`, 0);
    expect((await check()).at(-1)).not.toContain("pictures from");
  }));

Deno.test("evaluate: one's own data and CIFAR through the command", () =>
  withFolder(async (folder) => {
    for (const part of ["train", "test"]) {
      for (const [label, name] of ["black", "red"].entries()) {
        await Deno.mkdir(`${folder}/set/${part}/${name}`, { recursive: true });
        await writePicture(`${folder}/set/${part}/${name}/a.png`, 255 * label);
      }
    }
    await Deno.writeTextFile(
      `${folder}/captions.csv`,
      "set/test/black/a.png,Nothing.\nset/test/red/a.png,A red square.\n",
    );
    await Deno.mkdir(`${folder}/cifar`);
    const names = ["plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
    await Deno.writeTextFile(`${folder}/cifar/batches.meta.txt`, names.join("\n"));
    await Deno.writeFile(`${folder}/cifar/test_batch.bin`, new Uint8Array(2 * 3073));
    const [classes, probe] = [`folder:${folder}/set/test`, `probe:${folder}/set`];
    const { code, out, err } = await runCommand(
      ...["evaluate", "tiny", classes, probe, `captions:${folder}/captions.csv`, "cifar10"],
      ...["scenes_pairs", "--partial", "--limit", "2", "--device", "cpu", "--no-cache"],
      ...["--images", folder, `${folder}/cifar`, "--out", `${folder}/out`],
    );
    expect(err).not.toContain("cannot be scored");
    expect(code).toBe(0);
    // Two pictures that are no alike are learned apart, and the test's are the same two.
    expect(out).toMatch(
      new RegExp(`\\| ${folder}/set \\| \\*\\*\\w*acc1\\*\\* \\| 50.00 \\| 100`),
    );
    const scores = JSON.parse(await Deno.readTextFile(`${folder}/out/scores/all.json`));
    expect(
      scores.slice(0, 4).map(({ dataset, task, items }: { [key: string]: unknown }) =>
        `${dataset} ${task} ${items}`
      ),
    ).toEqual([
      `${folder}/set/test zeroshot_classification 2`,
      `${folder}/set linear_probe 2`,
      `${folder}/captions.csv zeroshot_retrieval 2`,
      "cifar10 zeroshot_classification 2",
    ]);
  }));

Deno.test("zeroShotCifar10: of several folders the first that is CIFAR's, else one clear error", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/cifar`);
    await Deno.writeTextFile(`${folder}/cifar/batches.meta.txt`, "plane\ncar\n");
    await Deno.writeFile(`${folder}/cifar/test_batch.bin`, new Uint8Array(3073));
    const check = (...images: string[]) =>
      zeroShotCifar10({ images, partial: true }).check!(benchmarkContext());
    await check(`${folder}/none`, folder, `${folder}/cifar`);
    await expect(check(`${folder}/none`, folder)).rejects.toThrow(
      `${folder}/none, ${folder}: expected one of these folders to be that of its pictures ` +
        "(cifar-10-batches-bin of https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz), " +
        "found none",
    );
    await expect(check(folder)).rejects.toThrow(`${folder}/batches.meta.txt: expected a file`);
  }));

Deno.test("openResultFolder: SugarCrepe++ by texts alone stands beside the one with pictures", () =>
  withFolder(async (folder) => {
    for (const subset of ["replace_att", "replace_obj", "replace_rel", "swap_att", "swap_obj"]) {
      // Picture: 1 and 0 above -1, right. Texts: 0 is not above 0 (the second and the negative).
      await write(
        `${folder}/${subset}.json`,
        JSON.stringify([{
          id: 0,
          filename: "0.png",
          caption: "a @1,0",
          caption2: "b @0,1",
          negative_caption: "c @-1,0",
        }]),
      );
    }
    await writePicture(`${folder}/0.png`, 0);
    const label = { model: "m", pretrained: "p" };
    const results = await openResultFolder(
      `${folder}/out`,
      { fingerprint: "f", weights: "w" },
      label,
    );
    for (const textOnly of [false, true]) {
      const benchmark = sugarCrepePp({
        images: folder,
        annotations: folder,
        partial: true,
        textOnly,
      });
      await results.add(await benchmark.evaluate(writtenEncoder(2), benchmarkContext()));
    }
    const averages = results.evaluations.filter(({ parts }) => parts !== undefined);
    const text = { tot_acc: 0, macro_tot_acc: 0 };
    const both = { itt_acc: 1, macro_itt_acc: 1, ...text };
    expect(averages.map(({ dataset, metrics }) => [dataset, metrics])).toEqual([
      ["sugar_crepe_pp/replace", both],
      ["sugar_crepe_pp/swap", both],
      ["sugar_crepe_pp", both],
      ["sugar_crepe_pp_text/replace", text],
      ["sugar_crepe_pp_text/swap", text],
      ["sugar_crepe_pp_text", text],
    ]);
    // The text-only average is of its own parts.
    expect(averages[5]!.parts![0]).toBe("sugar_crepe_pp_text/replace_att");
    // Five subsets and their averages, twice, in CLIP_benchmark's form.
    const files = [...Deno.readDirSync(`${folder}/out`)].filter(({ name }) =>
      name.startsWith("sugar_crepe_pp_")
    );
    expect(files).toHaveLength(16);
  }));
