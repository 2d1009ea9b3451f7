import { expect } from "expect";
import { compile } from "vega-lite";
import { createAssets } from "../../../core/host/assets/create_assets.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { createEncoder } from "../../../core/towers/encoder.ts";
import { uploadParameters } from "../../../core/towers/device_parameters.ts";
import { createProgress } from "../../../plugins/app/terminal/progress.ts";
import type { Context } from "../../../core/context.ts";
import type { DualEncoder } from "../../../core/model.ts";
import type { Evaluation, Evaluator } from "../../../core/evaluator.ts";
import type { Json } from "../../../core/component.ts";
import type { Weights } from "../../../core/transformation.ts";
import { interpolateWeights } from "../../../plugins/patching/interpolate_weights.ts";
import {
  sweep,
  type SweepOptions,
  type SweepPoint,
} from "../../../plugins/patching/commands/sweep.ts";
import {
  sweepCsv,
  sweepJson,
  sweepMarkdown,
} from "../../../plugins/patching/commands/sweep_tables.ts";
import { tradeOff, tradeOffPlot } from "../../../plugins/patching/commands/trade_off_plot.ts";
import { writeSweep } from "../../../plugins/patching/commands/write_sweep.ts";
import { miniClip } from "../../helpers/small_clip.ts";
import { createSink } from "../../helpers/text_sink.ts";
import { withFolder } from "../../helpers/with_folder.ts";

/** Scores the cosine of two texts. */
function cosine(options: { readonly [key: string]: Json } = {}, onCall = () => {}): Evaluator {
  const evaluator: Evaluator = {
    name: "cosine",
    options,
    evaluate: async ({ dim, texts }): Promise<readonly Evaluation[]> => {
      onCall();
      const rows = await texts(["123", "4567"]);
      const acc = rows.subarray(0, dim).reduce((sum, value, i) => sum + value * rows[dim + i]!, 0);
      const itemScores = [{ id: "0", scores: [acc], correct: { acc: true } }];
      return [{ ...scored("cosine", { acc }), itemScores }];
    },
    with: () => evaluator,
  };
  return evaluator;
}

function scored(dataset: string, metrics: Record<string, number>, task = "selection"): Evaluation {
  return { dataset, task, metrics, items: 4, headline: Object.keys(metrics)[0]! };
}

async function withSweep(
  work: (run: (options?: Partial<SweepOptions>) => Promise<readonly SweepPoint[]>, place: {
    readonly folder: string;
    /** The cosine of a model by itself. */
    readonly scoreOf: (model: DualEncoder) => Promise<number>;
  }) => Promise<void>,
): Promise<void> {
  await withFolder(async (base) => {
    const folder = `${base}/sweep`;
    using images = createPicturePool({ workers: 0 });
    const assets = createAssets({ cache: `${base}/cache`, offline: true });
    const context: Context = { assets, images, log: () => {} };
    const device = await openDevice("cpu");
    const progress = createProgress(createSink(), { terminal: false, width: () => 80 });
    const common = { device, chunk: 4, context, progress, folder };
    await work((options) =>
      sweep({
        ...common,
        before: miniClip(1),
        after: miniClip(2),
        alphas: [0, 0.5, 1],
        evaluators: [cosine()],
        ...options,
      }), {
      folder,
      scoreOf: async (model) => {
        const parameters = await uploadParameters(device, model);
        const encoder = createEncoder({ device, model, parameters, chunk: 4 });
        const [evaluation] = await cosine().evaluate(encoder, context);
        for (const tensor of parameters.values()) tensor.dispose();
        return evaluation!.metrics.acc!;
      },
    });
    await device.dispose();
  });
}

Deno.test("sweep: scores the models between two others", async () => {
  await withSweep(async (run, { scoreOf }) => {
    const [before, after] = [miniClip(1), miniClip(2)];
    const middle = interpolateWeights(await before.read(), await after.read(), 0.5);
    const expected = [
      await scoreOf(before),
      await scoreOf({ ...before, read: () => Promise.resolve(middle) }),
      await scoreOf(after),
    ];
    expect(new Set(expected).size).toBe(3);
    const points = await run();
    expect(points.map(({ alpha }) => alpha)).toEqual([0, 0.5, 1]);
    expect(points.map(({ evaluations }) => evaluations[0]!.metrics.acc)).toEqual(expected);
    expect(points[1]!.evaluations).toEqual([scored("cosine", { acc: expected[1]! })]);
  });
});

Deno.test("sweep: does not score an α again, nor take scores of other weights or benchmarks", async () => {
  await withSweep(async (run, { folder }) => {
    let calls = 0;
    const evaluators = [cosine({}, () => calls++)];
    const controller = new AbortController();
    const stopping = [cosine({}, () => ++calls === 2 && controller.abort())];
    const stopped = await run({ evaluators: stopping, signal: controller.signal });
    expect(stopped.map(({ alpha }) => alpha)).toEqual([0]);
    expect(calls).toBe(2);
    const more = await run({ evaluators, alphas: [0, 0.25, 0.5, 1] });
    expect(more.map(({ alpha }) => alpha)).toEqual([0, 0.25, 0.5, 1]);
    expect(calls).toBe(5);
    const again = await run({ evaluators, alphas: [0.5, 0] });
    // The same text too: a sweep that was killed leaves the bytes of one that never was.
    expect(JSON.stringify(again)).toBe(JSON.stringify([more[2], more[0]]));
    expect(calls).toBe(5);

    const other = `${folder}/alpha-0.json: expected scores of these weights and benchmarks`;
    await expect(run({ after: miniClip(3) })).rejects.toThrow(other);
    await expect(run({ before: miniClip(3) })).rejects.toThrow(other);
    await expect(run({ evaluators: [cosine({ items: 3 })] })).rejects.toThrow(other);
    await Deno.writeTextFile(`${folder}/alpha-0.5.json`, '{"key":');
    await expect(run({ alphas: [0.5] })).rejects
      .toThrow(
        `${folder}/alpha-0.5.json (remove it to score again): expected JSON`,
      );
  });
});

Deno.test("sweep: a tower that both sides share embeds once", async () => {
  await withSweep(async (run, { folder }) => {
    const [before, other] = [miniClip(1), miniClip(2)];
    const [own, others] = [await before.read(), await other.read()];
    const frozen = new Map(others);
    for (const { name, part } of before.parameters) {
      if (part === "image") frozen.set(name, own.get(name)!);
    }
    let pictures = 0;
    const data = Uint8Array.from({ length: 8 * 8 * 3 }, (_, i) => i);
    const evaluator: Evaluator = {
      ...cosine(),
      evaluate: async ({ images, texts }) => {
        const picture = () => {
          pictures++;
          return Promise.resolve({ width: 8, height: 8, data });
        };
        const image = await images(1, picture, () => Promise.resolve("one"));
        const text = await texts(["123"]);
        const acc = image.reduce((sum, value, i) => sum + value * text[i]!, 0);
        return [scored("cosine", { acc })];
      },
    };
    const embeddings = `${folder}/../embeddings`;
    const evaluators = [evaluator];
    const after = { ...other, read: () => Promise.resolve(frozen) };
    const points = await run({ after, evaluators, embeddings });
    // At α = 0, 0.5 and 1: one image tower, three text towers.
    expect(pictures).toBe(1);
    expect([...Deno.readDirSync(embeddings)]).toHaveLength(4);
    const scores = points.map(({ evaluations }) => evaluations[0]!.metrics.acc);
    expect(new Set(scores).size).toBe(3);
    // Without a cache once for each α, to the same end.
    expect(await run({ after, evaluators, folder: `${folder}-fresh` })).toEqual(points);
    expect(pictures).toBe(4);
  });
});

Deno.test("sweep: scores what is written, in the half precision of the pretrained weights", async () => {
  await withSweep(async (run, { folder, scoreOf }) => {
    const [model, after] = [miniClip(1), miniClip(2)];
    const halves: Weights = new Map([...await model.read()].map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map(Math.f16round), dtype: "F16" },
    ]));
    const before = { ...model, read: () => Promise.resolve(halves) };
    const trained = await after.read();
    const middle = (round: (value: number) => number): Weights =>
      new Map([...halves].map(([name, { shape, data }]) => [
        name,
        { shape, data: data.map((a, i) => round(0.5 * a + 0.5 * trained.get(name)!.data[i]!)) },
      ]));
    const found: number[] = [];
    for (
      const [dtype, round] of [["pretrained", Math.f16round], ["float32", Math.fround]] as const
    ) {
      const options = { before, after, alphas: [0.5], folder: `${folder}-${dtype}`, dtype };
      const [point] = await run(options);
      const score = point!.evaluations[0]!.metrics.acc!;
      expect(score).toBe(await scoreOf({ ...model, read: () => Promise.resolve(middle(round)) }));
      found.push(score);
    }
    expect(found[0]).not.toBe(found[1]);
    await expect(run({ before, after, alphas: [0.5], folder: `${folder}-float32` })).rejects
      .toThrow("expected scores of these weights and benchmarks");
  });
});

Deno.test("sweep: refuses two architectures, and what is no α", async () => {
  await withSweep(async (run) => {
    const model = miniClip(2);
    const after = { ...model, parameters: model.parameters.slice(1) };
    await expect(run({ after })).rejects.toThrow(
      new TypeError(
        "before (small) and after (small): expected weights of one architecture, found tensors\n" +
          `only in before (small): ${model.parameters[0]!.name}`,
      ),
    );
    const darker = { ...model.preprocessing, mean: [0.1, 0.1, 0.1] as const };
    await expect(run({ after: { ...model, preprocessing: darker } })).rejects.toThrow(
      "expected image towers that compute the same from equal weights, found another activation",
    );
    const tokenizer = { padding: 0, encode: () => [1, 39] };
    await expect(run({ after: { ...model, tokenizer } })).rejects.toThrow("expected text towers");
    await expect(run({ alphas: [0, 2] })).rejects.toThrow("alphas: expected a number from 0 to 1");
  });
});

/** Two sides, one of them in two parts, over three α. */
const points: readonly SweepPoint[] = [0, 0.5, 1].map((alpha) => ({
  alpha,
  evaluations: [
    { ...scored("swap", { acc: 0.5 + alpha / 4, text: 0.25 }), parts: ["swap/a,b", "swap/c"] },
    scored("swap/a,b", { acc: 0.5 }),
    scored("swap/c", { acc: 0.5 + alpha / 2 }),
    scored("classes", { acc1: 1 - alpha / 2 }, "zeroshot_classification"),
    scored("retrieval", { "r@1": 0.5 - alpha / 4 }, "zeroshot_retrieval"),
  ],
}));

Deno.test("sweepMarkdown: one row an α, headline metrics in percent", () => {
  expect(sweepMarkdown(points)).toBe([
    "|   α | swap acc | swap/a,b acc | swap/c acc | classes acc1 | retrieval r@1 |",
    "| --: | -------: | -----------: | ---------: | -----------: | ------------: |",
    "|   0 |    50.00 |        50.00 |      50.00 |       100.00 |         50.00 |",
    "| 0.5 |    62.50 |        50.00 |      75.00 |        75.00 |         37.50 |",
    "|   1 |    75.00 |        50.00 |     100.00 |        50.00 |         25.00 |",
  ].join("\n"));
});

Deno.test("sweepMarkdown: what an α lacks is a dash", () => {
  const [first, second] = points as [SweepPoint, SweepPoint];
  const table = sweepMarkdown([
    { ...first, evaluations: first.evaluations.slice(0, 1) },
    { ...second, evaluations: second.evaluations.slice(3, 4) },
  ]);
  expect(table.split("\n").slice(2)).toEqual([
    "|   0 |    50.00 |            – |",
    "| 0.5 |        – |        75.00 |",
  ]);
});

Deno.test("sweepCsv: every metric, quoted where it must be", () => {
  expect(sweepCsv(points.slice(0, 2))).toBe(
    'alpha,swap acc,swap text,"swap/a,b acc",swap/c acc,classes acc1,retrieval r@1\r\n' +
      "0,0.5,0.25,0.5,0.5,1,0.5\r\n" +
      "0.5,0.625,0.25,0.5,0.75,0.75,0.375\r\n",
  );
});

Deno.test("tradeOff: the mean of both sides, parts counted once", () => {
  const { curves, tradeOff: sides } = tradeOff(points);
  // Composition is "swap" alone; the other side the mean of 100 and 50, 75 and 37.5, 50 and 25.
  expect(sides).toEqual([
    { alpha: 0, composition: 50, zeroShot: 75 },
    { alpha: 0.5, composition: 62.5, zeroShot: 56.25 },
    { alpha: 1, composition: 75, zeroShot: 37.5 },
  ]);
  expect(curves).toHaveLength(15);
  expect(curves[8]).toEqual({
    alpha: 0.5,
    dataset: "classes",
    metric: "acc1",
    score: 75,
    side: "zero-shot",
  });
});

Deno.test("tradeOffPlot: Vega-Lite takes it, with one side or both", () => {
  const oneSide = points.map((point) => ({ ...point, evaluations: point.evaluations.slice(0, 1) }));
  expect(tradeOff(oneSide).tradeOff).toEqual([]);
  for (const [given, plots] of [[points, 2], [oneSide, 1]] as const) {
    const spec = tradeOffPlot(tradeOff(given));
    expect(spec.hconcat).toHaveLength(plots);
    const warnings: unknown[] = [];
    const logger = {
      level: () => logger,
      error: (...words: unknown[]) => (warnings.push(words), logger),
      warn: (...words: unknown[]) => (warnings.push(words), logger),
      info: () => logger,
      debug: () => logger,
    };
    const compiled = compile(spec as never, { logger: logger as never });
    expect(warnings).toEqual([]);
    expect(compiled.spec.marks).toHaveLength(plots);
  }
});

Deno.test("writeSweep: leaves tables and plot", async () => {
  await withFolder(async (folder) => {
    await writeSweep(folder, points);
    const read = (name: string) => Deno.readTextFile(`${folder}/${name}`);
    expect(await read("sweep.md")).toBe(`${sweepMarkdown(points)}\n`);
    expect(await read("sweep.csv")).toBe(sweepCsv(points));
    expect(JSON.parse(await read("sweep.json"))).toEqual(sweepJson(points));
    expect(JSON.parse(await read("sweep.json")).points).toEqual(points);
    expect(JSON.parse(await read("trade_off.json"))).toEqual(tradeOff(points));
    expect(JSON.parse(await read("trade_off.vl.json"))).toEqual(tradeOffPlot(tradeOff(points)));
  });
});
