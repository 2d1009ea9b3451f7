/**
 * A run folder that is small enough to derive every number of its report by hand.
 *
 * @module
 */
import type { Evaluation, ItemScore } from "../../core/evaluator.ts";
import type { JsonObject } from "../../core/component.ts";

const photos = new URL("../data/photos", import.meta.url).pathname;

/** A caption that would run a script, if it were not escaped; also in the manifest and in an id. */
export const HOSTILE = `</script><script>window.hacked = true</script><img src=x onerror=alert(1)>`;

/**
 * Item 0 to 7: before training the even ones are right, afterwards all but 0. So 1, 3, 5 and 7 are
 * won, 0 is lost and 2, 4 and 6 stay right: 4 of 8 become 7 of 8. The margin of what is won grows by
 * 0.05 + 0.01·i, of what stays right by 0.01·(i + 1), and that of item 0 falls by 0.045.
 */
function orderItems(stage: "before" | "after"): ItemScore[] {
  return Array.from({ length: 8 }, (_, index) => {
    const right = stage === "before" ? index % 2 === 0 : index !== 0;
    const size = stage === "before" ? 0.02 : right ? 0.02 + 0.01 * (index + 1) : 0.025;
    return {
      id: index === 3 ? `3${HOSTILE}` : `${index}`,
      images: [index % 2 === 0 ? "000000161044.jpg" : "000000205401.jpg"],
      texts: [`a cat on mat ${index}`, index === 5 ? HOSTILE : `a mat on cat ${index}`],
      scores: [0.25 + (right ? size : 0), 0.25 + (right ? 0 : size)],
      correct: { acc: right },
    };
  });
}

function evaluations(stage: "before" | "after"): Evaluation[] {
  const itemScores = orderItems(stage);
  const acc = itemScores.filter(({ correct }) => correct.acc).length / itemScores.length;
  return [
    {
      dataset: "quiz/order",
      task: "image_caption_selection",
      metrics: { acc },
      items: 8,
      headline: "acc",
      itemScores,
    },
    {
      dataset: "quiz/search",
      task: "zeroshot_retrieval",
      metrics: {
        "image_retrieval_recall@1": stage === "before" ? 0.9 : 0.8,
        "text_retrieval_recall@1": 0.5,
      },
      items: 10,
      headline: "image_retrieval_recall@1",
    },
  ];
}

const manifest: JsonObject = {
  recipe: {
    name: "quiz-run",
    description: `For tests ${HOSTILE}`,
    model: { name: "clip", weights: "folder" },
    objectives: [{ name: "clic", loss: { name: "clicLoss", uniModal: 1 } }],
    frozen: ["image"],
    optimizer: { name: "adamw", lr: 1e-4, betas: [0.9, 0.98] },
    batch: 16,
    seed: 7,
    evaluators: [{ name: "quiz", images: photos }],
  },
  source: { recipe: "quiz-run", overrides: ["batch=16"] },
  started: "2026-01-02T03:04:05.678Z",
  versions: { deno: "2.9.6" },
  device: { kind: "cpu", description: "a processor", reason: "asked for", limits: {} },
  model: "small CLIP",
  settings: "QuickGELU; trained in float32, scored in float32",
  data: { name: "captions.csv", examples: 12_345, faults: 2, fingerprint: "abc123" },
  steps: 4,
  stages: ["before", "after"],
};

/** Two objectives in turn; the only term of the second is its loss. */
const metrics = [
  { step: 1, objective: "clic", loss: 0.75, terms: { hard: 1.5, uni: 0.25 }, lr: 1e-5 },
  { step: 2, objective: "plain", loss: 0.5, terms: { contrastive: 0.5 }, lr: 2e-5 },
  { step: 3, objective: "clic", loss: 0.625, terms: { hard: 1.25, uni: 0.125 }, lr: 3e-5 },
  { step: 4, objective: "plain", loss: 0.25, terms: { contrastive: 0.25 }, lr: 4e-5 },
].map((line) => JSON.stringify({ ...line, epoch: 0, seconds: 30 }));

/** A sweep in which composition goes from 50 to 75 per cent, what was known before from 90 to 80. */
const sweep = {
  points: [0, 0.5, 1].map((alpha) => ({
    alpha,
    evaluations: [
      {
        dataset: "quiz/order",
        task: "image_caption_selection",
        metrics: { acc: 0.5 + 0.25 * alpha },
        items: 8,
        headline: "acc",
      },
      {
        dataset: "quiz/search",
        task: "zeroshot_retrieval",
        metrics: { recall: 0.9 - 0.1 * alpha },
        items: 10,
        headline: "recall",
      },
    ],
  })),
};

/** Writes the run. The line that a run still writes, and a result in another form, are in the way. */
export async function writeRun(folder: string): Promise<void> {
  await Deno.mkdir(`${folder}/evaluation`);
  await Deno.mkdir(`${folder}/scores`);
  await Deno.mkdir(`${folder}/sweep`);
  const write = (name: string, value: unknown) =>
    Deno.writeTextFile(`${folder}/${name}`, JSON.stringify(value));
  await write("manifest.json", manifest);
  await Deno.writeTextFile(`${folder}/metrics.jsonl`, `${metrics.join("\n")}\n{"step":5,"obj`);
  await write("scores/before.json", evaluations("before"));
  await write("scores/after.json", evaluations("after"));
  const [order] = evaluations("before");
  const { itemScores: _, ...scores } = { ...order!, metrics: { acc: 0.625 } };
  await write("scores/step-00000002.json", [scores]);
  await write("evaluation/quiz_order_before.json", {
    dataset: "quiz/order",
    metrics: { acc: 0.5 },
  });
  await write("sweep/sweep.json", sweep);
}

/**
 * Writes the run with other scores: 25 items of SugarCrepe++'s kind, of 100, all right from the
 * start. Training widens the margin by `itt_acc` of item 0 by 0.2, and that by `tot_acc` of item 1
 * by 0.05. A second data set has one item, without a picture.
 */
export async function writeParaphraseRun(folder: string): Promise<void> {
  await writeRun(folder);
  const before = [0.5, 0.5, 0.3, 0.9, 0.8, 0.8];
  const after = [
    [0.5, 0.5, 0.1, 0.9, 0.8, 0.8],
    [0.5, 0.5, 0.3, 0.95, 0.8, 0.8],
  ];
  for (const stage of ["before", "after"] as const) {
    const scoresOf = (index: number) => stage === "after" ? after[index] ?? before : before;
    const common = { task: "image_caption_selection", partial: { of: 100, missing: [] } };
    const evaluations: Evaluation[] = [
      {
        ...common,
        dataset: "quiz/pictures",
        metrics: { itt_acc: 1, tot_acc: 1 },
        items: 25,
        headline: "itt_acc",
        itemScores: Array.from({ length: 25 }, (_, index) => ({
          id: `${index}`,
          images: ["000000161044.jpg"],
          texts: [`a cat on mat ${index}`, `on mat ${index} is a cat`, `a mat on cat ${index}`],
          scores: scoresOf(index),
          correct: { itt_acc: true, tot_acc: true },
        })),
      },
      {
        ...common,
        dataset: "quiz/texts",
        metrics: { tot_acc: 1 },
        items: 1,
        headline: "tot_acc",
        itemScores: [{
          id: "0",
          texts: ["a cat", "one cat", "a mat"],
          scores: before.slice(3),
          correct: { tot_acc: true },
        }],
      },
    ];
    await Deno.writeTextFile(`${folder}/scores/${stage}.json`, JSON.stringify(evaluations));
  }
}
