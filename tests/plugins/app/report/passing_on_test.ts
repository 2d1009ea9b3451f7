import { expect } from "expect";
import { joinPlugins } from "../../../../core/join_plugins.ts";
import type { JsonObject } from "../../../../core/component.ts";
import { plugins } from "../../../../plugins/index.ts";
import { citations } from "../../../../plugins/app/report/cite.ts";
import { download, fileName } from "../../../../plugins/app/report/download.ts";
import { examples } from "../../../../plugins/app/report/examples.ts";
import { drawPlot, plotFile } from "../../../../plugins/app/report/plot.ts";
import { publishedTable } from "../../../../plugins/app/report/published.ts";
import { scoresCsv, scoresLatex } from "../../../../plugins/app/report/score_files.ts";
import { type ScoreRow, scoreRows } from "../../../../plugins/app/report/score_rows.ts";
import { useModel } from "../../../../plugins/app/report/use_model.ts";
import { describeRecipe } from "../../../../core/describe_recipe.ts";
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
  const text = textOf(citations(describeRecipe(clicVitb32), literature.citations!)?.markup);
  for (const key of ["radford2021clip", "peleg2025clic"]) {
    expect(text.split(`{${key},`)).toHaveLength(2);
  }
  expect(citations({ name: "mine", model: { name: "unheardOf" } }, literature.citations!))
    .toBeUndefined();
});

Deno.test("publishedTable: this run above the others, with their sources", () => {
  const rows = [
    rowOf("sugar_crepe/swap_att", "acc", 0.64, 0.7),
    rowOf("vg_relation", "macro_acc", 0.6, 0.61),
    rowOf("scenes/swap_att", "acc", 0.5, 0.6),
  ];
  const text = textOf(publishedTable(rows, ["before", "after"], literature.published!)?.markup);
  expect(text).toContain("This run, before 64.0 60.0 This run, after 70.0 61.0");
  // CE-CLIP's table has both, CLoVe's only ARO's relations.
  expect(text).toContain("CE-CLIP, ViT-B/32 2 77.0 83.0");
  expect(text).toContain("CLoVe, α = 0.6, ViT-B/32 1 – 72.7");
  expect(publishedTable(rows.slice(2), ["before"], literature.published!)).toBeUndefined();
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
