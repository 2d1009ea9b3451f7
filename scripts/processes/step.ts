/**
 * Steps of contrastive training of a CLIP of ViT-B/32's size, with random weights and noise, by the
 * processes that a launcher has started. The first one prints what it took as JSON.
 *
 * @module
 */
import { cpuUsage } from "node:process";
import { parseArgs } from "node:util";
import { openDevice } from "../../core/host/devices/open_device.ts";
import { findLaunch } from "../../core/host/mpi/launcher.ts";
import { openProcesses } from "../../core/host/mpi/open_processes.ts";
import { objective } from "../../core/objective.ts";
import { alone, type Exchange } from "../../core/processes/exchange.ts";
import { partOf } from "../../core/processes/parted_encoder.ts";
import { aloneProcess } from "../../core/processes/processes.ts";
import { createRandom } from "../../core/random.ts";
import { uploadParameters } from "../../core/towers/device_parameters.ts";
import type { Batch } from "../../core/training/loop/batches.ts";
import { identityOf } from "../../core/training/loop/identity.ts";
import { createTrainingState } from "../../core/training/loop/state.ts";
import { adamw } from "../../core/training/optimizers/adamw.ts";
import { createTrainStep } from "../../core/training/step/train_step.ts";
import { clip } from "../../plugins/clip/clip.ts";
import { contrastive } from "../../plugins/contrastive/contrastive.ts";
import { singleCaption } from "../../plugins/contrastive/single_caption.ts";
import { peakMemory } from "../../tests/helpers/peak_memory.ts";

const { values } = parseArgs({
  options: {
    architecture: { type: "string", default: "ViT-B-32-quickgelu" },
    batch: { type: "string", default: "96" },
    chunk: { type: "string", default: "24" },
    steps: { type: "string", default: "2" },
    threads: { type: "string", default: "1" },
    // Each process keeps all of the optimiser's tensors.
    whole: { type: "boolean", default: false },
    // The processes do their parts and know nothing of each other: what the machine allows.
    apart: { type: "boolean", default: false },
  },
});
const [batch, chunk, steps, threads] = [values.batch, values.chunk, values.steps, values.threads]
  .map(Number) as [number, number, number, number];

const variable = (name: string) => Deno.env.get(name);
const launch = findLaunch(variable);
const opened = launch === undefined ? undefined : await openProcesses(launch, variable);
const { exchange: all } = opened ?? aloneProcess;
const exchange = values.apart ? alone : all;
/** Seconds that this process waits for others or sends. */
let met = 0;
const timed = <T>(call: () => Promise<T>): Promise<T> => {
  const began = performance.now();
  return call().finally(() => met += (performance.now() - began) / 1000);
};
const watched: Exchange = {
  ...exchange,
  gather: (rows) => timed(() => exchange.gather(rows)),
  gatherNames: (names) => timed(() => exchange.gatherNames(names)),
  sum: (tensors) => timed(() => exchange.sum(tensors)),
};

const source = clip({ weights: "none", architecture: values.architecture as never });
const model = await source.generate(0);
const device = await openDevice("cpu", { threads });
const { first, length } = partOf(batch, 1, all);
const side = model.image.size;
const texts = Array.from({ length: batch }, (_, row) => {
  const random = createRandom(1, "text", row);
  const words = Array.from({ length: 8 + random.integer(8) }, () => 300 + random.integer(40_000));
  return [49_406, ...words, 49_407];
}).slice(first, first + length);
const ids = Array.from({ length }, (_, i) => `row ${first + i}`);
const groups = [{
  name: "caption",
  count: 1,
  tokens: texts,
  present: new Float32Array(length).fill(1),
}];
const noise = createRandom(2, "pixels", all.rank);
const own: Batch = {
  ids,
  pixels: Float32Array.from({ length: length * 3 * side * side }, () => noise.next() - 0.5),
  groups,
  identity: identityOf(ids, groups),
  epoch: 0,
  next: { epoch: 0, position: batch },
};
const of = objective("contrastive", singleCaption(), contrastive());
const parameters = await uploadParameters(device, model);
const optimizer = adamw({ lr: 1e-6 });
const trained = model.parameters;
const parted = values.whole ? undefined : exchange;
const objectives = [of];
const state = createTrainingState({ device, parameters, trained, optimizer, objectives, parted });
const step = await createTrainStep({
  ...{ device, model, state, chunk, exchange: watched },
  recipe: { optimizer },
});

const seconds: number[] = [];
const processor: number[] = [];
const meetings: number[] = [];
// The first step compiles the programs.
for (let i = 0; i <= steps; i++) {
  // All begin together, also those that do not meet otherwise.
  await all.gather(new Float32Array(1));
  met = 0;
  const began = performance.now();
  const before = cpuUsage();
  await step.add(of, own, i, true);
  await step.update(1e-6, i + 1);
  const { user, system } = cpuUsage(before);
  if (i === 0) continue;
  seconds.push((performance.now() - began) / 1000);
  processor.push((user + system) / 1e6);
  meetings.push(met);
}
const everywhere = async (own: readonly number[]) => [...await all.gather(Float32Array.from(own))];
const measured = {
  size: all.size,
  seconds: await everywhere(seconds),
  processor: await everywhere(processor),
  meetings: await everywhere(meetings),
  memory: await everywhere([peakMemory() / 2 ** 30]),
};
if (all.rank === 0) console.log(JSON.stringify(measured));
await opened?.close();
Deno.exit(0);
