import { compareModels } from "../../../../plugins/app/results/compare.ts";
import { formatComparison } from "../../../../plugins/app/results/format_comparison.ts";
import { formatEvaluations, writeResult } from "../../../../plugins/app/results/result_files.ts";
import { readModels, readResults } from "../../../../plugins/app/results/read_results.ts";
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
    await Deno.mkdir(`${run}/evaluation`, { recursive: true });
    await Deno.writeTextFile(`${run}/manifest.json`, '{"stages":["before","after","patch-0.6"]}');
    for (const { stage, evaluations } of [before, after]) {
      await Deno.writeTextFile(`${run}/evaluation/${stage}.json`, formatEvaluations(evaluations));
    }
    // A stage that the run has not come to is no fault.
    expect(await readResults(run)).toEqual([
      { stage: "run-1: before", evaluations: before.evaluations },
      { stage: "run-1: after", evaluations: after.evaluations },
    ]);
    expect(await readResults(`${run}/evaluation/after.json`)).toEqual([after]);

    const results = `${folder}/results`;
    await Deno.mkdir(results);
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

    await Deno.writeTextFile(`${results}/scores.json`, formatEvaluations(after.evaluations));
    expect(await readResults(results)).toEqual([{ ...after, stage: "results" }]);
  }));

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
      `${folder}/a.json: expected scores: 0.task`,
    );
    await Deno.writeTextFile(`${folder}/manifest.json`, "{}");
    await expect(readResults(folder)).rejects.toThrow(`expected scores in ${folder}/evaluation`);
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
    expect(table).toContain("| sugar_crepe/add | **macro_acc** | 50.00 * |");
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
      await Deno.mkdir(`${folder}/${path}`, { recursive: true });
      await Deno.writeTextFile(`${folder}/${path}/scores.json`, formatEvaluations(evaluations));
    };
    await write("one/results", evaluation("d", "10"));
    await write("two/results", evaluation("e", "10"));
    await write("two/other", evaluation("d", "01"));
    const read = async (...paths: string[]) =>
      (await readModels(paths.map((path) => `${folder}/${path}`))).map(({ stage, evaluations }) => [
        stage,
        ...evaluations.map(({ dataset }) => dataset),
      ]);
    expect(await read("one/results", "two/other/", "two/results/scores.json")).toEqual([
      ["one/results", "d"],
      ["other", "d"],
      ["two/results", "e"],
    ]);
    expect(await read("one/results", "two/other")).toEqual([["results", "d"], ["other", "d"]]);
    // The same place twice cannot be told apart by its path.
    expect(await read("two/other", "two/other")).toEqual([["other", "d"], ["other (2)", "d"]]);

    // Runs are told apart as wholes; files of scores by the folders they are in.
    for (const run of ["x/run", "y/run"]) {
      await Deno.mkdir(`${folder}/${run}/evaluation`, { recursive: true });
      await Deno.writeTextFile(`${folder}/${run}/manifest.json`, "{}");
      for (const stage of run === "x/run" ? ["before", "after"] : ["after"]) {
        await Deno.writeTextFile(
          `${folder}/${run}/evaluation/${stage}.json`,
          formatEvaluations([evaluation("d", "1")]),
        );
      }
    }
    expect(await read("x/run", "y/run")).toEqual([
      ["x/run: before", "d"],
      ["x/run: after", "d"],
      ["y/run: after", "d"],
    ]);
    expect(await read("x/run/evaluation/after.json", "y/run/evaluation/after.json")).toEqual([
      ["x/run/evaluation/after", "d"],
      ["y/run/evaluation/after", "d"],
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
    await Deno.mkdir(`${folder}/p m`);
    const scores = formatEvaluations([evaluation("g", "1")]);
    await Deno.writeTextFile(`${folder}/p m/scores.json`, scores);
    const read = await readModels([...files, `${folder}/p m`]);
    expect(read.map(({ stage, evaluations }) => [stage, ...evaluations.map((e) => e.dataset)]))
      .toEqual([["p m", "d", "e", "f"], ["p m (2)", "d"], ["p m (3)", "g"]]);
  }));
