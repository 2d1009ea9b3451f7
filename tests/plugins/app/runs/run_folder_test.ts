import { expect } from "expect";
import {
  createRunFolder,
  holdRunFolder,
  openRunFolder,
  readManifest,
} from "../../../../plugins/app/runs/run_folder.ts";

const noon = new Date("2026-03-04T12:05:06.789Z");

function withFolder(work: (folder: string) => Promise<void>): () => Promise<void> {
  return async () => {
    const folder = await Deno.makeTempDir();
    try {
      await work(folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  };
}

Deno.test(
  "createRunFolder: names folders by recipe and time, and numbers those of one second",
  withFolder(async (base) => {
    const make = async () => (await createRunFolder(`${base}/a/runs/`, "toy", noon)).path;
    expect([await make(), await make(), await make()]).toEqual([
      `${base}/a/runs/toy-20260304T120506`,
      `${base}/a/runs/toy-20260304T120506-2`,
      `${base}/a/runs/toy-20260304T120506-3`,
    ]);
  }),
);

Deno.test(
  "createRunFolder: two at the same time get folders of their own",
  withFolder(async (base) => {
    const folders = await Promise.all([1, 2, 3, 4].map(() => createRunFolder(base, "toy", noon)));
    expect(new Set(folders.map((each) => each.path)).size).toBe(4);
  }),
);

Deno.test(
  "createRunFolder: says why a folder cannot be made",
  withFolder(async (base) => {
    await Deno.writeTextFile(`${base}/file`, "");
    await expect(createRunFolder(`${base}/file`, "toy", noon)).rejects
      .toThrow(`${base}/file cannot be written`);
  }),
);

Deno.test(
  "holdRunFolder: a second one is refused by the folder's name until the first lets go",
  withFolder(async (base) => {
    const { path } = await createRunFolder(base, "toy", noon);
    {
      using _held = await holdRunFolder(path);
      await expect(holdRunFolder(path)).rejects.toThrow(
        `${path}: expected a folder in which nobody is at work, found that another process is`,
      );
    }
    using _again = await holdRunFolder(path);
  }),
);

Deno.test(
  "RunFolder.truncateMetrics: drops later steps and a line that was cut short",
  withFolder(async (base) => {
    const run = await createRunFolder(base, "toy", noon);
    for (const step of [0, 1, 2, 3]) await run.appendMetrics({ step, loss: step / 2 });
    const path = `${run.path}/metrics.jsonl`;
    await Deno.writeTextFile(path, '{"step":2,"lo', { append: true });
    await run.truncateMetrics(2);
    await run.appendMetrics({ step: 3, loss: 9 });
    expect(await Deno.readTextFile(path)).toBe(
      '{"step":0,"loss":0}\n{"step":1,"loss":0.5}\n{"step":2,"loss":1}\n{"step":3,"loss":9}\n',
    );
  }),
);

Deno.test(
  "RunFolder.truncateMetrics: refuses a damaged line and leaves the file as it was",
  withFolder(async (base) => {
    const run = await createRunFolder(base, "toy", noon);
    const path = `${run.path}/metrics.jsonl`;
    for (const damaged of ["{", "3", '{"loss":1}']) {
      const text = `{"step":1}\n${damaged}\n{"step":2}\n`;
      await Deno.writeTextFile(path, text);
      await expect(run.truncateMetrics(1)).rejects.toThrow(
        new SyntaxError(`${path}:2: expected a JSON object with a step, found ${damaged}`),
      );
      expect(await Deno.readTextFile(path)).toBe(text);
    }
  }),
);

Deno.test(
  "RunFolder.truncateMetrics: is content with a run that has none yet",
  withFolder(async (base) => {
    const run = await createRunFolder(base, "toy", noon);
    await run.truncateMetrics(0);
    expect(await Deno.readTextFile(`${run.path}/metrics.jsonl`)).toBe("");
  }),
);

Deno.test(
  "RunFolder.writeManifest: replaces what readManifest reads",
  withFolder(async (base) => {
    const run = await createRunFolder(base, "toy", noon);
    await run.writeManifest({ seed: 1 });
    await run.writeManifest({ seed: 2 });
    expect(await readManifest(run.path)).toEqual({ seed: 2 });
    expect((await openRunFolder(`${run.path}/`)).path).toBe(run.path);
    expect([...Deno.readDirSync(run.path)].map((entry) => entry.name)).toEqual(["manifest.json"]);
  }),
);

Deno.test(
  "readManifest: refuses what is no run folder",
  withFolder(async (base) => {
    for (const folder of [`${base}/nowhere`, base]) {
      await expect(openRunFolder(folder)).rejects.toThrow(
        new RangeError(`${folder}: expected the folder of a run, found no manifest.json in it`),
      );
    }
    await Deno.writeTextFile(`${base}/manifest.json`, "[1]");
    await expect(readManifest(base)).rejects
      .toThrow(new SyntaxError(`${base}/manifest.json: expected a JSON object`));
  }),
);

Deno.test(
  "RunFolder.writeEvaluation: writes CLIP_benchmark's fields under a safe name",
  withFolder(async (base) => {
    const run = await createRunFolder(base, "toy", noon);
    const file = await run.writeEvaluation({
      dataset: "sugar_crepe/add_att",
      task: "image_caption_selection",
      metrics: { acc: 0.5 },
      items: 692,
      headline: "acc",
    }, { model: "ViT-B-32", pretrained: "hf:openai/clip-vit-base-patch32" });
    // {dataset}_{pretrained}_{model}_{language}_{task}.json, slashes and colons made safe.
    expect(file).toBe(
      `${run.path}/evaluation/sugar_crepe_add_att_hf_openai_clip-vit-base-patch32_ViT-B-32_en_` +
        "image_caption_selection.json",
    );
    expect(JSON.parse(await Deno.readTextFile(file))).toEqual({
      dataset: "sugar_crepe/add_att",
      model: "ViT-B-32",
      pretrained: "hf:openai/clip-vit-base-patch32",
      task: "image_caption_selection",
      metrics: { acc: 0.5 },
      language: "en",
      // Beside CLIP_benchmark's own fields.
      items: 692,
      headline: "acc",
    });
  }),
);

Deno.test(
  "RunFolder.readScores: gives what writeScores kept, and names a file that is none",
  withFolder(async (base) => {
    const run = await createRunFolder(base, "toy", noon);
    expect(await run.readScores("patch-0.6")).toBe(undefined);
    const scores = [{
      dataset: "quiz",
      task: "selection",
      metrics: { acc: 0.5 },
      items: 4,
      headline: "acc",
    }];
    await run.writeScores("patch-0.6", scores);
    expect(await run.readScores("patch-0.6")).toEqual(scores);
    expect(await run.readScores("after")).toBe(undefined);
    const file = `${run.path}/scores/patch-0.6.json`;
    for (const damaged of ["", "{}", '[{"dataset":']) {
      await Deno.writeTextFile(file, damaged);
      await expect(run.readScores("patch-0.6")).rejects
        .toThrow(new SyntaxError(`${file}: expected a list of scores; remove it to score again`));
    }
  }),
);
