import { expect } from "expect";
import { joinPlugins } from "../../../../core/join_plugins.ts";
import type { JsonObject } from "../../../../core/component.ts";
import { plugins } from "../../../../plugins/index.ts";
import { citations, citedEntries, papersOf } from "../../../../plugins/app/report/cite.ts";
import { checkpointLiterature } from "../../../../plugins/app/leaderboard/literature.ts";
import { breakable } from "../../../../plugins/app/report/breakable.ts";
import { forgetting } from "../../../../plugins/app/report/findings.ts";
import { scoreTable } from "../../../../plugins/app/report/score_table.ts";
import { download, fileName } from "../../../../plugins/app/report/download.ts";
import { examples } from "../../../../plugins/app/report/examples.ts";
import { drawPlot, plotFile } from "../../../../plugins/app/report/plot.ts";
import { publishedList } from "../../../../plugins/app/report/published.ts";
import { scoresCsv, scoresLatex } from "../../../../plugins/app/report/score_files.ts";
import { type ScoreRow, scoreRows } from "../../../../plugins/app/report/score_rows.ts";
import { useModel } from "../../../../plugins/app/report/use_model.ts";
import { describeRecipe } from "../../../../core/describe_recipe.ts";
import ceClipVitb32 from "../../../../recipes/ce_clip_vitb32.ts";
import clicVitb32 from "../../../../recipes/clic_vitb32.ts";

const literature = await joinPlugins(plugins).literature();

function textOf(markup: string | undefined): string {
  return (markup ?? "").replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
}

function rowOf(dataset: string, metric: string, ...values: number[]): ScoreRow {
  return {
    ...{ dataset, metric, task: "t", headline: true, items: 10, parts: 0, of: undefined },
    scores: values.map((value) => ({ value, interval: undefined })),
    changes: values.slice(1).map((value) => ({
      difference: value - values[0]!,
      interval: undefined,
    })),
    bounds: { chance: undefined, words: undefined },
  };
}

Deno.test("citations: the papers of a recipe's model, method and benchmarks, once each", () => {
  const text = textOf(citations(describeRecipe(clicVitb32), literature.citations)?.markup);
  for (const key of ["radford2021clip", "peleg2025clic"]) {
    expect(text.split(`{${key},`)).toHaveLength(2);
  }
  // CLIC's own data: pictures of LAION, captions of CogVLM; all four papers of COCO's are of others.
  expect([...text.matchAll(/@\w+\{(\w+),/g)].map(([, key]) => key).toSorted()).toEqual([
    ...["dumpala2024sugarcrepepp", "hsieh2023sugarcrepe", "karpathy2015deep", "lin2014coco"],
    ...["peleg2025clic", "radford2021clip", "russakovsky2015imagenet", "schuhmann2021laion400m"],
    "wang2023cogvlm",
  ]);
  const own = { name: "mine", model: { name: "unheardOf" }, data: { name: "captions", path: "a" } };
  expect(citations(own, literature.citations)).toBeUndefined();
  // A file is known wherever it lies; what only looks like its name is not.
  const cocoIn = (path: string) =>
    citedEntries({ ...own, data: { name: "captions", path } }, literature.citations).length;
  expect([cocoIn("x/y/captions_train2014.json"), cocoIn("my_captions_train2014.json")])
    .toEqual([2, 0]);
});

Deno.test("papersOf: what a run is of, but for what it is judged by", () => {
  const papers = papersOf(
    { model: { name: "clip" }, evaluators: [{ name: "vgRelation" }], data: { name: "captions" } },
    { clip: ["eprint = {2103.00020}"], vgRelation: ["arXiv:2210.01936"] },
  );
  expect([...papers]).toEqual(["2103.00020"]);
});

Deno.test("publishedList: this run, its own method and base, then others from the greatest, with sources", () => {
  const rows = [
    rowOf("sugar_crepe/swap_att", "acc", 0.64, 0.7),
    rowOf("vg_relation", "macro_acc", 0.6, 0.61),
    rowOf("scenes/swap_att", "acc", 0.5, 0.6),
  ];
  const markup = publishedList(
    rows,
    ["before", "after"],
    literature.published,
    papersOf(describeRecipe(ceClipVitb32), literature.citations),
  )!.markup;
  const text = textOf(markup);
  // CE-CLIP's table has both: CLIP 64 and 59.3, NegCLIP 75.4 and 80.2, CE-CLIP 77 and 83.
  expect(text).toMatch(
    /swap_ att acc This run: before 64\.0 · after 70\.0 ViT-B\/32 CE-CLIP\+\s79\.3 1 · CE-CLIP\s77\.0 1 · CLIP\s64\.0 1 · NegCLIP\s75\.4 1 /,
  );
  expect(text).toMatch(/vg_ relation macro_ acc This run: before 60\.0 · after 61\.0 /);
  expect(text).toContain("CE-CLIP, arXiv 2306.08832");
  const bold = [...markup.matchAll(/<strong>(.*?)<sup>/g)].map(([, each]) =>
    each!.replaceAll("\u00a0", " ")
  );
  expect(bold.slice(0, 3)).toEqual(["CE-CLIP+ 79.3", "CE-CLIP 77.0", "CLIP 64.0"]);
  // A checkpoint's score that a paper has too stands once: NegCLIP's 80.2 by CE-CLIP.
  expect(text.match(/NegCLIP\s80\.2/g)).toHaveLength(1);
  expect(publishedList(rows.slice(2), ["before"], literature.published, new Set()))
    .toBeUndefined();
});

Deno.test("checkpointLiterature: methods of this project that others have scored stand beside their runs", async () => {
  const { published } = await checkpointLiterature();
  // READ-CLIP's card tells 87.0 of SugarCrepe's three kinds.
  expect(published).toContainEqual({
    ...{ method: "READ-CLIP", model: "ViT-B/32", dataset: "sugar_crepe", metric: "kind_acc" },
    ...{ score: 0.87, source: "READ-CLIP's card", paper: "2510.16540" },
  });
  const degla = published!.find(({ method }) => method === "DeGLA")!;
  expect(degla).toMatchObject({ source: "DeGLA, arXiv 2504.16801", paper: "2504.16801" });
  // What stands after the model is of the method.
  expect(published!.map(({ method }) => method)).toContain("CLoVe, not patched");
});

Deno.test("scoreRows: the recall at 1 stands before the headline of a retrieval", () => {
  const evaluation = {
    ...{ dataset: "r", task: "zeroshot_retrieval", items: 4, headline: "image_retrieval_recall@5" },
    metrics: {
      "image_retrieval_recall@5": 1,
      "image_retrieval_recall@1": 0.5,
      "text_retrieval_recall@5": 1,
      "text_retrieval_recall@1": 0.4,
    },
  };
  expect(
    scoreRows([{ stage: "before", evaluations: [evaluation] }])
      .map(({ metric, headline }) => [metric, headline]),
  ).toEqual([
    ["image_retrieval_recall@1", true],
    ["text_retrieval_recall@1", true],
    ["image_retrieval_recall@5", "beside"],
    ["text_retrieval_recall@5", false],
  ]);
});

Deno.test("scoreRows: what sums a model up stands beside the headline, and is not counted", () => {
  const evaluation = {
    ...{ dataset: "sugar_crepe", task: "t", items: 4, headline: "macro_acc" },
    metrics: { other: 0.2, acc: 0.5, macro_acc: 0.4 },
  };
  const rows = scoreRows([{ stage: "before", evaluations: [evaluation] }]);
  expect(rows.map(({ metric, headline }) => [metric, headline]))
    .toEqual([["macro_acc", true], ["acc", "beside"], ["other", false]]);
  const table = textOf(scoreTable({ caption: "c", stages: ["before"], rows }).markup);
  expect(table).toContain("SugarCrepe, mean of the seven subsets: macro_ acc, 4 items");
  expect(table).toContain("SugarCrepe, mean of all items: acc, 4 items");
});

Deno.test("forgetting: a zero-shot score by its name, and a linear probe's by another", () => {
  const of = (task: string, metric: string) =>
    textOf(forgetting([{ ...rowOf("d", metric, 0.5, 0.25), task }], ["before", "after"]).markup);
  expect(of("zeroshot_classification", "acc1")).toContain("d, zero-shot accuracy: 50.0 → 25.0");
  expect(of("linear_probe", "lp_acc1")).toContain("d, accuracy of a linear probe: 50.0");
});

Deno.test("breakable: breaks after slashes and underscores", () => {
  expect(breakable("a/b_<c").markup).toBe("a/<wbr>b_<wbr>&lt;c");
});

Deno.test("scoresLatex, scoresCsv: tables for papers, with nothing that LaTeX takes for a command", () => {
  const latex = scoresLatex(
    [rowOf("a_b & c", "acc", 0.5, 0.454), { ...rowOf("d", "acc", 0.5), scores: [undefined] }],
    ["before", "after"],
    "100 % of {it}",
  );
  expect(latex).toContain("\\caption{100 \\% of \\{it\\}}");
  expect(latex).toContain("a\\_b \\& c & acc & $50.0$ & $45.4$ & $-4.6$ \\\\");
  expect(latex).toContain("d & acc & -- & -- \\\\");
  const csv = scoresCsv([{
    stage: "before",
    evaluations: [{
      ...{ dataset: "d", task: "t", metrics: { acc: 0.5 }, items: 2, headline: "acc" },
    }],
  }]);
  expect(csv.split("\r\n")[0]).toMatch(/,of,chance,word_bag$/);
  expect(csv.split("\r\n")[1]).toBe("d,t,acc,true,before,2,false,0.5,,,,,,,2,,");
});

Deno.test("useModel: a line a use, quoted as a shell needs it", () => {
  const recipe = (model: string): JsonObject => ({ name: "mine", model: { name: model } });
  const text = textOf(
    useModel("runs/a b", recipe("clip"), ["model.safetensors", "config.json"])?.markup,
  );
  expect(text).toContain("deno task evaluate &#39;runs/a b/model&#39; sugar_crepe_pp");
  expect(text).toContain("model.weights=runs/a b/model&#39;");
  expect(text).toContain("AutoModel.from_pretrained(&quot;runs/a b/model&quot;)");
  const tiny = textOf(
    useModel("runs/t", recipe("tinyClip"), [
      "losses.safetensors",
      "open_clip_config.json",
      "open_clip_model.safetensors",
    ])?.markup,
  );
  expect(tiny).toContain("deno task evaluate runs/t/model scenes_compositional");
  expect(tiny).toContain("await loadModel(&quot;runs/t/model&quot;)");
  expect(tiny).toContain("model.weights=runs/t/model/open_clip_model.safetensors");
  expect(tiny).not.toContain("create_model_and_transforms");
  expect(useModel("runs/t", recipe("clip"), [])).toBeUndefined();
});

Deno.test("drawPlot: points stand where their values are; a file of it has a size and colours", () => {
  const axis = { ticks: 2, format: String, grid: true };
  const plot = drawPlot({
    ...{ width: 100, height: 80, x: { ...axis, from: 0, to: 10 }, y: { ...axis, from: 0, to: 1 } },
    marks: [{ kind: "line", points: [[0, 0], [10, 1], [5, 0.5]] }],
  });
  const places = [...plot.markup.match(/class="line"[^>]*d="([^"]*)"/)![1]!
    .matchAll(/[ML]([\d.]+),([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
  const [low, high, middle] = places;
  // Half between both ends, to the tenth of a pixel that is written.
  expect(middle![0]).toBeCloseTo((low![0] + high![0]) / 2, 0);
  expect(middle![1]).toBeCloseTo((low![1] + high![1]) / 2, 0);
  expect(low![1]).toBeGreaterThan(high![1]);
  expect([...plot.markup.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text!.trim()))
    .toEqual(["0", "5", "10", "0", "0.5", "1"]);
  const file = plotFile(plot, ":root { --rule: #ccc; --line: #123456; }\n@media { --line: #fff; }");
  expect(file).toMatch(/width="100" height="80"/);
  expect(file).toContain('stroke="#123456"');
  expect(file).not.toContain("var(");
});

Deno.test("download, fileName: a file in the link itself, under a name that any disk takes", () => {
  const { markup } = download("CSV", fileName("a/b", undefined, "c d.csv"), "text/csv", "é,1");
  const [, name, data] = /download="([^"]*)" href="data:text\/csv;base64,([^"]*)"/.exec(markup)!;
  expect(name).toBe("a-b-c-d.csv");
  expect(new TextDecoder().decode(Uint8Array.fromBase64(data!))).toBe("é,1");
});

Deno.test("examples: a sentence and the first item's texts, true and false", () => {
  const rows = [rowOf("quiz", "acc", 0.5), rowOf("other", "acc", 0.5)];
  const itemScores = [{
    ...{ id: "0", images: ["a.jpg"], scores: [0.3, 0.2], correct: { acc: true } },
    texts: ["a <b> cat", "a cat b"],
  }];
  const evaluations = [{
    ...{ dataset: "quiz", task: "t", metrics: { acc: 1 }, headline: "acc", items: 1, itemScores },
  }];
  const stages = [{ stage: "before", evaluations }];
  expect(textOf(examples(rows, stages, { quiz: "Words swap." })?.markup))
    .toContain("quiz Words swap. true a &lt;b&gt; cat false a cat b");
  expect(examples(rows.slice(1), stages, {})).toBeUndefined();
});
