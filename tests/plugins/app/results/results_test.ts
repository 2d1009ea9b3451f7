import { evaluationsSchema } from "../../../../plugins/app/results/evaluations_schema.ts";
import { compareModels } from "../../../../plugins/app/results/compare.ts";
import { formatComparison } from "../../../../plugins/app/results/format_comparison.ts";
import { formatEvaluations, writeResult } from "../../../../plugins/app/results/result_files.ts";
import { readModels, readResults } from "../../../../plugins/app/results/read_results.ts";
import { openResultFolder } from "../../../../plugins/app/evaluate/result_folder.ts";
import { expect } from "expect";
import type { Evaluation } from "../../../../core/evaluator.ts";
import { evaluationOf as evaluation } from "../../../helpers/evaluation_fixture.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

const before = { stage: "before", evaluations: [evaluation("d", "10")] };
const after = { stage: "after", evaluations: [evaluation("d", "11")] };

Deno.test("formatEvaluations: is JSON with a line for each item", () => {
  const evaluations = [evaluation("a", "10", "xy"), { ...evaluation("b", "1"), itemScores: [] }];
  const text = formatEvaluations(evaluations);
  expect(JSON.parse(text)).toEqual(evaluations);
  expect(text.split("\n").filter((line) => line.includes('"id"')).length).toBe(2);
  expect(JSON.parse(formatEvaluations([]))).toEqual([]);
});

Deno.test("readResults: reads run folders, folders of results and single files", () =>
  withFolder(async (folder) => {
    const run = `${folder}/run-1`;
    await Deno.mkdir(`${run}/scores`, { recursive: true });
    await Deno.writeTextFile(
      `${run}/manifest.json`,
      '{"stages":["before","after","patch-0.6"],"settings":"GELU"}',
    );
    for (const { stage, evaluations } of [before, after]) {
      await Deno.writeTextFile(`${run}/scores/${stage}.json`, formatEvaluations(evaluations));
    }
    // A stage that the run has not come to is no fault; what the run computes is of all its models.
    expect(await readResults(run)).toEqual([
      { stage: "run-1: before", evaluations: before.evaluations, settings: "GELU" },
      { stage: "run-1: after", evaluations: after.evaluations, settings: "GELU" },
    ]);
    expect(await readResults(`${run}/scores/after.json`)).toEqual([after]);

    const results = `${folder}/results`;
    await Deno.mkdir(`${results}/scores`, { recursive: true });
    const label = { model: "ViT-B-32", pretrained: "openai" };
    const file = await writeResult(results, evaluation("d/e", "10"), label);
    expect(file).toBe(`${results}/d_e_openai_ViT-B-32_en_t.json`);
    await writeResult(results, evaluation("f", "1"), label);
    const stage = "openai ViT-B-32";
    const one = { dataset: "d/e", task: "t", metrics: { acc: 0.5 }, items: 2, headline: "acc" };
    expect(await readResults(file)).toEqual([{ stage, evaluations: [one] }]);
    const [joined, ...others] = await readResults(results);
    expect([joined!.stage, others.length]).toEqual([stage, 0]);
    expect(joined!.evaluations.map(({ dataset }) => dataset)).toEqual(["d/e", "f"]);

    await Deno.writeTextFile(`${results}/scores/all.json`, formatEvaluations(after.evaluations));
    expect(await readResults(results)).toEqual([{ ...after, stage: "results" }]);
  }));

Deno.test("evaluationsSchema: takes what is kept of an evaluation, and nothing that is none", () => {
  const [whole] = JSON.parse(formatEvaluations([
    {
      dataset: "d",
      task: "t",
      metrics: { acc: 0.5 },
      items: 2,
      headline: "acc",
      itemScores: [{ id: "0", texts: ["a"], scores: [0.5], correct: { acc: true }, group: "g" }],
      parts: ["p"],
      partial: { of: 3, missing: ["a.jpg"] },
    },
  ]));
  expect(evaluationsSchema.parse([whole])).toEqual([whole]);
  for (const changes of [{ metrics: { acc: null } }, { items: "2" }, { itemScores: [{}] }]) {
    expect(evaluationsSchema.safeParse([{ ...whole, ...changes }]).success).toBe(false);
  }
});

Deno.test("readResults: what is no result is named", () =>
  withFolder(async (folder) => {
    await expect(readResults(`${folder}/none`)).rejects.toThrow(
      `${folder}/none: expected a result file or run folder, found none`,
    );
    await expect(readResults(folder)).rejects.toThrow("found neither");
    await Deno.writeTextFile(`${folder}/a.json`, "{");
    await expect(readResults(`${folder}/a.json`)).rejects.toThrow(
      `${folder}/a.json: expected JSON`,
    );
    await Deno.writeTextFile(`${folder}/a.json`, '[{"dataset":"d"}]');
    await expect(readResults(`${folder}/a.json`)).rejects.toThrow(
      `${folder}/a.json: not scores: 0.task: expected text, found nothing`,
    );
    await Deno.writeTextFile(`${folder}/manifest.json`, "{}");
    await expect(readResults(folder)).rejects.toThrow(`expected scores in ${folder}/scores`);
  }));

Deno.test("writeResult, readResults: three items of many do not read like the whole", () =>
  withFolder(async (folder) => {
    const partial = { of: 692, missing: ["a.jpg"] };
    const scores = {
      ...evaluation("sugar_crepe/add", "110", "xxy"),
      headline: "macro_acc",
      partial,
    };
    const file = await writeResult(folder, scores, { model: "m", pretrained: "p" });
    const { metrics, ...rest } = JSON.parse(await Deno.readTextFile(file));
    expect(rest).toEqual({
      ...{ dataset: "sugar_crepe/add", model: "m", pretrained: "p", task: "t", language: "en" },
      ...{ items: 3, headline: "macro_acc", partial },
    });
    const { itemScores: _, ...read } = scores;
    expect(metrics).toEqual(scores.metrics);
    expect(await readResults(file)).toEqual([{ stage: "p m", evaluations: [read] }]);
    const table = formatComparison(compareModels(await readResults(file)), ["p m"], "markdown");
    expect(table).toContain("| sugar_crepe/add | **macro_acc** | 50.00 * (3 of 692) |");
  }));

Deno.test("readResults: what CLIP_benchmark could not compute, and what is no score, is absent", () =>
  withFolder(async (folder) => {
    const file = `${folder}/lp.json`;
    // As Python writes it; a name may hold the same letters.
    await Deno.writeTextFile(
      file,
      `{"dataset": "NaN \\" -Infinity", "model": "m", "pretrained": "p", "task": "linear_probe",
        "metrics": {"lp_acc1": 0.5, "lp_acc5": NaN, "a": Infinity, "b": -Infinity, "c": null,
        "weight_decay": 0.1, "epochs": 10, "seed": 0, "fewshot_k": -1, "normalized": true},
        "language": "en"}`,
    );
    expect(await readResults(file)).toEqual([{
      stage: "p m",
      evaluations: [{
        dataset: 'NaN " -Infinity',
        task: "linear_probe",
        metrics: { lp_acc1: 0.5 },
        items: 0,
        headline: "lp_acc1",
      }],
    }]);
    await Deno.writeTextFile(file, '{"metrics": {"acc": NaN}, "dataset": "d');
    await expect(readResults(file)).rejects.toThrow(`${file}: expected JSON`);
  }));

Deno.test("readModels: places of one name are models of their own, named apart", () =>
  withFolder(async (folder) => {
    const write = async (path: string, ...evaluations: Evaluation[]) => {
      await Deno.mkdir(`${folder}/${path}/scores`, { recursive: true });
      await Deno.writeTextFile(`${folder}/${path}/scores/all.json`, formatEvaluations(evaluations));
    };
    await write("one/results", evaluation("d", "10"));
    await write("two/results", evaluation("e", "10"));
    await write("two/other", evaluation("d", "01"));
    const read = async (...paths: string[]) =>
      (await readModels(paths.map((path) => `${folder}/${path}`))).map(({ stage, evaluations }) => [
        stage,
        ...evaluations.map(({ dataset }) => dataset),
      ]);
    expect(await read("one/results", "two/other/", "two/results/scores/all.json")).toEqual([
      ["one/results", "d"],
      ["other", "d"],
      ["two/results", "e"],
    ]);
    expect(await read("one/results", "two/other")).toEqual([["results", "d"], ["other", "d"]]);
    // The same place twice cannot be told apart by its path.
    expect(await read("two/other", "two/other")).toEqual([["other", "d"], ["other (2)", "d"]]);

    // Runs are told apart as wholes; files of scores by the folders they are in.
    for (const run of ["x/run", "y/run"]) {
      await Deno.mkdir(`${folder}/${run}/scores`, { recursive: true });
      await Deno.writeTextFile(`${folder}/${run}/manifest.json`, "{}");
      for (const stage of run === "x/run" ? ["before", "after"] : ["after"]) {
        await Deno.writeTextFile(
          `${folder}/${run}/scores/${stage}.json`,
          formatEvaluations([evaluation("d", "1")]),
        );
      }
    }
    expect(await read("x/run", "y/run")).toEqual([
      ["x/run: before", "d"],
      ["x/run: after", "d"],
      ["y/run: after", "d"],
    ]);
    expect(await read("x/run/scores/after.json", "y/run/scores/after.json")).toEqual([
      ["x/run/scores/after", "d"],
      ["y/run/scores/after", "d"],
    ]);
  }));

Deno.test("readModels: CLIP_benchmark's files of one model belong together", () =>
  withFolder(async (folder) => {
    const label = { model: "m", pretrained: "p" };
    const files = [];
    for (const [name, dataset] of [["a", "d"], ["a", "e"], ["b", "f"], ["b", "d"]]) {
      await Deno.mkdir(`${folder}/${name}`, { recursive: true });
      files.push(await writeResult(`${folder}/${name}`, evaluation(dataset!, "1"), label));
    }
    // A folder that happens to have the same name is another model.
    await Deno.mkdir(`${folder}/p m/scores`, { recursive: true });
    const scores = formatEvaluations([evaluation("g", "1")]);
    await Deno.writeTextFile(`${folder}/p m/scores/all.json`, scores);
    const read = await readModels([...files, `${folder}/p m`]);
    expect(read.map(({ stage, evaluations }) => [stage, ...evaluations.map((e) => e.dataset)]))
      .toEqual([["p m", "d", "e", "f"], ["p m (2)", "d"], ["p m (3)", "g"]]);
  }));

/** Results of two models, and the table that CLIP_benchmark's `build` made of their files. */
const golden = new URL("../../../golden/clip_benchmark/", import.meta.url);

Deno.test("readResults: a table of CLIP_benchmark's build says what its files say", () =>
  withFolder(async (folder) => {
    const lines = await Deno.readTextFile(new URL("results.jsonl", golden));
    const table = await Deno.readTextFile(new URL("build.csv", golden));
    const read = async (name: string, text: string) => {
      await Deno.writeTextFile(`${folder}/${name}`, text);
      const scores = (await readResults(`${folder}/${name}`)).map(({ stage, evaluations }) => ({
        stage,
        // `build` takes files in the order of the folder, and its columns in any.
        evaluations: evaluations.toSorted((a, b) => keyOf(a) < keyOf(b) ? -1 : 1),
      }));
      return scores.toSorted((a, b) => a.stage < b.stage ? -1 : 1);
    };
    const keyOf = ({ dataset, task }: Evaluation) => `${dataset} ${task}`;
    const found = await read("results.jsonl", lines);
    expect(found.map(({ stage, evaluations }) => [stage, evaluations.length])).toEqual([
      ["laion2b_s34b_b79k ViT-B-32", 5],
      ["openai ViT-B-32", 5],
      ["tiny ViT-B-32", 1],
    ]);
    const common = { items: 0, task: "zeroshot_retrieval", headline: "image_retrieval_recall@5" };
    expect(found[0]!.evaluations).toContainEqual({
      ...common,
      dataset: "mscoco_captions",
      metrics: { "image_retrieval_recall@5": 0.5625, "text_retrieval_recall@5": 0.6875 },
    });
    // Another language is another data set, not another model.
    expect(found[0]!.evaluations).toContainEqual({
      ...common,
      dataset: "mscoco_captions (zh)",
      metrics: { "image_retrieval_recall@5": 0.1875, "text_retrieval_recall@5": 0.3125 },
    });
    // NaN and the probe's settings are no scores.
    expect(found[1]!.evaluations).toContainEqual({
      ...{ dataset: "cifar10", task: "linear_probe", items: 0, headline: "lp_acc1" },
      metrics: { lp_acc1: 0.5, lp_acc5: 0.875 },
    });
    expect(found[2]!.evaluations).toEqual([{
      ...{ dataset: "quiz", task: "image_caption_selection", items: 2, headline: "acc" },
      metrics: { acc: 0.5 },
      partial: { of: 4, missing: ["it's.jpg", 'b "c".jpg'] },
    }]);
    expect(await read("build.csv", table)).toEqual(found);
    // A list; what pandas, which numbers the rows, and Excel, which likes semicolons, make of it.
    const list = `[${lines.trim().replaceAll("\n", ",\n")}]`;
    expect(await read("list.json", list)).toEqual(found);
    const numbered = table.trimEnd().split("\r\n").map((line, i) => `${i || ""},${line}`);
    expect(await read("pandas.csv", numbered.join("\n"))).toEqual(found);
    expect(await read("excel.csv", "dataset;model;pretrained;task;acc\nquiz;M;p;t;0.5\n")).toEqual([
      {
        stage: "p M",
        evaluations: [
          { dataset: "quiz", task: "t", metrics: { acc: 0.5 }, items: 0, headline: "acc" },
        ],
      },
    ]);
    await expect(read("other.csv", "dataset,acc\nquiz,0.5\n")).rejects.toThrow(
      "other.csv: expected the columns dataset, model, pretrained, task, as CLIP_benchmark's " +
        "build writes them, found no model, no pretrained, no task",
    );
    // A decimal comma is no number that could be left out.
    const comma = 'dataset,model,pretrained,task,acc\na,M,p,t,0.5\nb,M,p,t,"0,5"\n';
    await expect(read("comma.csv", comma)).rejects
      .toThrow('comma.csv, row 3: expected a number in column acc, found "0,5"');
    await expect(read("torn.jsonl", lines.slice(0, -9))).rejects.toThrow(
      "torn.jsonl: expected JSON",
    );
  }));

Deno.test("writeResult, formatEvaluations: CLIP_benchmark's build finds nothing but results", () =>
  withFolder(async (folder) => {
    // What it does with a folder: takes the metrics of every file that ends in .json.
    const label = { model: "m", pretrained: "p" };
    const results = await openResultFolder(folder, { fingerprint: "f", weights: "w" }, label);
    await results.add([evaluation("a", "10"), evaluation("b/c", "1")]);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name)
      .filter((name) => name.endsWith(".json"));
    const rows = names.map((name) => JSON.parse(Deno.readTextFileSync(`${folder}/${name}`)));
    expect(rows.map(({ model, pretrained, metrics }) => [model, pretrained, metrics.acc]))
      .toEqual(expect.arrayContaining([["m", "p", 0.5], ["m", "p", 1]]));
    expect(rows).toHaveLength(2);
  }));

Deno.test("writeResult, readResults: what scores are compared with comes back", () =>
  withFolder(async (folder) => {
    const evaluation = {
      ...{ dataset: "d", task: "t", metrics: { acc: 0.75 }, items: 4, headline: "acc" },
      chance: { acc: 0.5 },
      wordBag: { acc: 0.9625 },
    };
    const file = await writeResult(folder, evaluation, { model: "m", pretrained: "p" });
    expect((await readResults(file))[0]!.evaluations[0]).toEqual(evaluation);
    const own = `${folder}/all.json`;
    await Deno.writeTextFile(own, formatEvaluations([evaluation]));
    expect((await readResults(own))[0]!.evaluations[0]).toEqual(evaluation);
  }));
