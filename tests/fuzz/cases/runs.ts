import { openEmbeddingStore } from "../../../core/host/cache/embedding_store.ts";
import { createAssets } from "../../../core/host/assets/create_assets.ts";
import type { DeviceTensor } from "../../../core/device/device.ts";
import { writeSafetensors } from "../../../core/host/storage/safetensors_writer.ts";
import type { TrainingState } from "../../../core/training/loop/state.ts";
import { openResultFolder } from "../../../plugins/app/evaluate/result_folder.ts";
import { resumedSource } from "../../../plugins/app/cli/resumed_source.ts";
import { writeReport } from "../../../plugins/app/report/write_report.ts";
import { compareModels } from "../../../plugins/app/results/compare.ts";
import { readResults } from "../../../plugins/app/results/read_results.ts";
import { checkSameRun } from "../../../plugins/app/runs/manifest.ts";
import { loadCheckpoint } from "../../../plugins/app/runs/checkpoint.ts";
import { openRunFolder, readManifest } from "../../../plugins/app/runs/run_folder.ts";
import { openEventFile } from "../../../plugins/app/tensorboard/event_file.ts";
import { frozenNegatives } from "../../../plugins/negatives/frozen_negatives.ts";
import { sha256OfText } from "../../../core/host/sha256_of_text.ts";
import { readNeighbours } from "../../../plugins/negclip/neighbour_file.ts";
import { writeRun } from "../../helpers/report_fixture.ts";
import { withFolder } from "../../helpers/with_folder.ts";
import { bytesOf, type Files, type FuzzCase, jsonOf, type Reading } from "../fuzz_case.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const golden = new URL("../../golden/clip_benchmark/", import.meta.url).pathname;
const negativesPart = `${JSON.stringify({ caption: "a lamp", negatives: ["a desk", null] })}\n`;

const nothing: Reading = { faults: 0 };

/** What a run leaves: all that its report is made of. */
async function runFolder(): Promise<Files> {
  return await withFolder(async (folder) => {
    await writeRun(folder);
    const files = ["manifest.json", "metrics.jsonl", "scores/before.json", "scores/after.json"]
      .concat(["scores/step-00000002.json", "sweep/sweep.json"]);
    return Object.fromEntries(
      await Promise.all(
        files.map(async (name) => [name, await Deno.readFile(`${folder}/${name}`)]),
      ),
    );
  });
}

/** A file of a run's folder, the others of which stand beside it. */
function fileOfRun(
  file: string,
  form: FuzzCase["form"],
  more: (folder: string) => Promise<void> = async () => {},
): FuzzCase {
  return {
    name: `a run's ${file}`,
    file,
    form,
    valid: async () => [(await runFolder())[file] as Bytes],
    beside: runFolder,
    read: async (path) => {
      const folder = path.slice(0, -file.length - 1);
      await writeReport(folder, { pictures: 0 });
      await more(folder);
      return nothing;
    },
  };
}

async function resume(folder: string): Promise<void> {
  const run = await openRunFolder(folder);
  const manifest = await readManifest(folder);
  checkSameRun(folder, manifest, manifest);
  await resumedSource(folder, undefined, []);
  await run.truncateMetrics(2);
}

async function scores(folder: string): Promise<void> {
  await (await openRunFolder(folder)).readScores("before");
  await compare(folder);
}

async function compare(path: string): Promise<void> {
  const models = await readResults(path);
  compareModels([...models, ...models.map(({ evaluations }) => ({ stage: "again", evaluations }))]);
}

const metrics = { "image_retrieval_recall@5": 0.5, "text_retrieval_recall@5": 0.25 };

/** Results, and what a run and its tools keep in files. */
export const runFiles: readonly FuzzCase[] = [
  {
    name: "results as JSON",
    file: "result.json",
    form: "json",
    valid: jsonOf(
      { dataset: "coco", model: "ViT-B-32", pretrained: "openai", task: "retrieval", metrics },
      [{
        dataset: "coco",
        task: "retrieval",
        metrics,
        items: 5,
        headline: "text_retrieval_recall@5",
      }],
    ),
    read: async (path) => {
      await compare(path);
      return nothing;
    },
  },
  {
    name: "results as JSON lines",
    file: "results.jsonl",
    form: "text",
    valid: async () => [await Deno.readFile(`${golden}results.jsonl`)],
    read: async (path) => {
      await compare(path);
      return nothing;
    },
  },
  {
    name: "results as a table",
    file: "build.csv",
    form: "text",
    valid: async () => [await Deno.readFile(`${golden}build.csv`)],
    read: async (path) => {
      await compare(path);
      return nothing;
    },
  },
  fileOfRun("manifest.json", "json", resume),
  fileOfRun("metrics.jsonl", "text", resume),
  fileOfRun("scores/before.json", "json", scores),
  fileOfRun("sweep/sweep.json", "json"),
  {
    name: "a run's checkpoint",
    file: "step-00000003.safetensors",
    form: "bytes",
    valid: async () => [
      await withFolder(async (folder) => {
        const path = `${folder}/a`;
        const data = new Float32Array([1, 2, 3, 4]);
        const standing = { step: 3, next: { epoch: 0, position: 12, due: [1, 2] }, epoch: 0 };
        await writeSafetensors(
          path,
          [{ name: "parameter:weight", dtype: "F32", shape: [2, 2], data }],
          { standing: JSON.stringify(standing) },
        );
        return await Deno.readFile(path);
      }),
    ],
    read: async (path) => {
      await loadCheckpoint(path, stateOfOne());
      return nothing;
    },
  },
  {
    name: "TensorBoard's events",
    file: "events.out.tfevents.0.syntagma",
    form: "bytes",
    valid: async () => [
      await withFolder(async (folder) => {
        const path = `${folder}/a`;
        const events = openEventFile(path, () => 1);
        for (const step of [1, 2, 3]) await events.append({ step, objective: "clic", loss: 0.5 });
        return await Deno.readFile(path);
      }),
    ],
    read: async (path) => {
      await openEventFile(path).truncate(2);
      await openEventFile(path).append({ step: 3, loss: 1 });
      return nothing;
    },
  },
  {
    name: "provenance of results",
    file: "scores/provenance.json",
    form: "json",
    valid: jsonOf({ fingerprint: "abc", weights: "a folder" }),
    beside: async () => ({ "scores/all.json": (await runFolder())["scores/before.json"]! }),
    read: async (path) => {
      const folder = path.replace("/scores/provenance.json", "");
      await openResultFolder(folder, { fingerprint: "abc", weights: "x" }, {
        model: "a",
        pretrained: "b",
      });
      return nothing;
    },
  },
  {
    name: "cache of embeddings",
    file: `${"ab".repeat(32)}.embeddings`,
    form: "bytes",
    valid: async () => [
      await withFolder(async (folder) => {
        const path = `${folder}/a`;
        const store = await openEmbeddingStore(path, 4, 1 << 20);
        await store.append(rowsOf(3));
        return await Deno.readFile(path);
      }),
    ],
    read: async (path) => {
      const store = await openEmbeddingStore(path, 4, 1 << 20);
      const wanted = rowsOf(3);
      const known = wanted.filter(({ key }) => store.has(key)).map(({ key }) => key);
      store.read(known, new Float32Array(4 * known.length), [...known.keys()]);
      await store.append(wanted);
      // A record that is damaged is embedded again, and nobody need hear of it.
      if (!wanted.every(({ key }) => store.has(key))) throw new Error(`${path}: rows are missing`);
      return nothing;
    },
  },
  {
    name: "neighbours of NegCLIP",
    file: "neighbours.json",
    form: "json",
    valid: jsonOf({ data: "abc", count: 2, probe: [1, 0], neighbours: [[1], [0]] }),
    read: async (path) => {
      await readNeighbours(path, { data: "abc", count: 2, probe: [1, 0] });
      return nothing;
    },
  },
  {
    name: "manifest of negatives",
    file: "manifest.json",
    form: "json",
    valid: jsonOf(negativesManifest()),
    beside: () => Promise.resolve({ "part-00000.jsonl": negativesPart }),
    read: readNegatives,
  },
  {
    name: "part of negatives",
    file: "part-00000.jsonl",
    form: "text",
    valid: () => Promise.resolve([bytesOf(negativesPart)]),
    read: async (path) => {
      // With the sum of what stands there, so that the lines are reached.
      const text = await Deno.readTextFile(path);
      const manifest = `${path.slice(0, path.lastIndexOf("/"))}/manifest.json`;
      await Deno.writeTextFile(manifest, JSON.stringify(negativesManifest(sha256OfText(text))));
      return await readNegatives(path);
    },
  },
];

function negativesManifest(hash: string = sha256OfText(negativesPart)) {
  return {
    format: 2,
    generator: { name: "numbering" },
    slots: 2,
    seed: 3,
    captions: { source: "a.csv", count: 1, fingerprint: "abc" },
    part: 2,
    parts: [hash],
    versions: { deno: "2.9.6" },
  };
}

async function readNegatives(path: string): Promise<Reading> {
  const folder = path.slice(0, path.lastIndexOf("/"));
  const assets = createAssets({ cache: "/nonexistent", offline: true });
  const context = { assets, log: () => {}, rehearsal: false } as never;
  await frozenNegatives({ path: folder, slots: 2 }).prepare!(context);
  return nothing;
}

function rowsOf(count: number) {
  return Array.from({ length: count }, (_, i) => ({
    key: String(i).padStart(64, "0"),
    row: new Float32Array([1, i, 2, 3]),
  }));
}

/** A state that a checkpoint of one tensor fits. */
function stateOfOne(): TrainingState {
  const tensor = { shape: [2, 2], bytes: 16, write: () => {} } as unknown as DeviceTensor;
  return {
    parameters: new Map([["weight", tensor]]),
    trained: [{ name: "weight", shape: [2, 2] }],
    gradients: new Map(),
    slots: new Map(),
    losses: new Map(),
  } as unknown as TrainingState;
}
