import { reshape, sum } from "../../../../core/graph/linear.ts";
import { expect } from "expect";
import { add, mul, relu, sub } from "../../../../core/graph/elementwise.ts";
import { input } from "../../../../core/graph/node.ts";
import { mean } from "../../../../core/graph/reduce.ts";
import type { Tensor } from "../../../../core/graph/tensor.ts";
import type { Device } from "../../../../core/device/device.ts";
import { createProgramCache } from "../../../../core/device/program_cache.ts";
import { openDevice } from "../../../../core/host/devices/open_device.ts";
import { parameterSymbols } from "../../../../core/towers/symbols.ts";
import { textChunks } from "../../../../core/towers/text_chunks.ts";
import { uploadParameters } from "../../../../core/towers/device_parameters.ts";
import type { Batch } from "../../../../core/training/loop/batches.ts";
import { createTrainStep } from "../../../../core/training/step/train_step.ts";
import { createTrainingState, disposeState } from "../../../../core/training/loop/state.ts";
import { adamw } from "../../../../core/training/optimizers/adamw.ts";
import { selectTrained } from "../../../../core/training/optimizers/select_parameters.ts";
import { compileGradients } from "../../../../core/training/step/gradient_program.ts";
import { alone } from "../../../../core/processes/exchange.ts";
import type { AnyComposer, AnyObjective } from "../../../../core/objective.ts";
import type { AnyLoss } from "../../../../core/loss.ts";
import {
  contrastiveLogits,
  symmetricContrastive,
} from "../../../../plugins/contrastive/symmetric_contrastive.ts";
import { relativeDifference } from "../../../helpers/compare.ts";
import type { Duplicates } from "../../../../plugins/contrastive/duplicates.ts";
import { hardNegativeContrastive } from "../../../../plugins/contrastive/hard_negative_contrastive.ts";
import { identityOf } from "../../../../core/training/loop/identity.ts";
import type { TextGroup } from "../../../../core/training/loop/text_group.ts";
import { findWebGpu } from "../../../helpers/devices.ts";
import { descent, openStep } from "../../../helpers/open_step.ts";
import { rowsOf } from "../../../helpers/rows_of.ts";
import { joinedExchanges } from "../../../helpers/joined_exchange.ts";
import { miniBatch, miniClip } from "../../../helpers/small_clip.ts";

const composer: AnyComposer = {
  name: "none",
  options: {},
  groups: { caption: 1, negative: 2 },
  rows: 1,
  compose: () => Promise.reject(new Error("batches are made by hand")),
  with: () => composer,
};

/** Contrast with the captions, and a hinge on the negatives that are there. */
const loss: AnyLoss = {
  name: "hinge",
  options: {},
  needs: ["caption", "negative"],
  compute: ({ image, text, present, logitScale }) => {
    const logits = contrastiveLogits(image, text.caption!, logitScale);
    const contrast = symmetricContrastive(logits);
    const [rows, , dim] = text.negative!.shape as [number, number, number];
    const to = (texts: Tensor) => sum(mul(reshape(image, [rows, 1, dim]), texts), [2]);
    const margins = add(sub(to(text.negative!), to(text.caption!)), 0.2);
    const hinge = mean(mul(relu(margins), present.negative!));
    return { total: add(contrast, mul(hinge, 3)), terms: { contrast, hinge } };
  },
  with: () => loss,
};

const hinged: AnyObjective = { name: "test", composer, loss };
const optimizer = adamw({ lr: 1e-3 });

interface Found {
  readonly values: readonly number[];
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

/** Loss, terms and gradients of a batch with some parts of the model frozen. */
async function differentiate(
  device: Device,
  batch: Batch,
  frozen: readonly string[],
  chunk: number,
  objective: AnyObjective = hinged,
): Promise<Found> {
  const model = miniClip(5);
  const parameters = await uploadParameters(device, model);
  const trained = selectTrained(model.parameters, { frozen });
  const objectives = [objective];
  const state = createTrainingState({ device, parameters, trained, optimizer, objectives });
  const step = await createTrainStep({ device, model, state, recipe: { optimizer }, chunk });
  const { loss, terms } = await step.add(objective, batch, 0);
  const result = new Map<string, Float32Array>();
  for (const [name, tensor] of state.gradients) {
    result.set(name, await tensor.read() as Float32Array);
  }
  step.dispose();
  disposeState(state);
  return { values: [loss, ...Object.values(terms)], gradients: result };
}

function expectSame(found: Found, expected: Found, tolerance: number): void {
  expect(relativeDifference(found.values, expected.values)).toBeLessThan(tolerance);
  expect([...found.gradients.keys()]).toEqual([...expected.gradients.keys()]);
  for (const [name, wanted] of expected.gradients) {
    const difference = gradientDifference(name, found.gradients.get(name)!, wanted);
    expect([name, difference < tolerance ? "close" : difference]).toEqual([name, "close"]);
  }
}

/** Without the bias of the keys, whose true gradient is zero: the softmax does not see it. */
function gradientDifference(name: string, found: Float32Array, expected: Float32Array): number {
  const width = name.endsWith("in_proj_bias") ? found.length / 3 : 0;
  const [a, b] = [found, expected].map((all) => {
    return [...all.subarray(0, width), ...all.subarray(2 * width)];
  }) as [number[], number[]];
  return relativeDifference(a, b);
}

// 7 pictures and 21 texts of 2 to 24 tokens. A chunk of 4 does not divide either number: the second
// chunk of pictures begins with one that was seen, the last chunk of texts has three rows too many.
// 5 texts a chunk leave one row of 5 in the last. With 9, pictures fit and texts do not.
const batch = miniBatch(7, { caption: 1, negative: 2 }, 11);

for (const frozen of [[], ["image"], ["text"], ["image", "text"]]) {
  const what = frozen.length === 0 ? "both towers trained" : `${frozen.join(" and ")} frozen`;
  Deno.test(`createTrainStep: chunks give what the whole batch gives, ${what}`, async () => {
    const device = await openDevice("cpu");
    const whole = await differentiate(device, batch, frozen, 64);
    // That something is compared at all: the loss depends on every trained parameter.
    for (const [name, values] of whole.gradients) {
      expect([name, values.some((value) => value !== 0)]).toEqual([name, true]);
    }
    expect(whole.values[2]).toBeGreaterThan(0.01);
    for (const chunk of [4, 5, 9]) {
      expectSame(await differentiate(device, batch, frozen, chunk), whole, 1e-5);
    }
    await device.dispose();
  });
}

Deno.test("createTrainStep: chunks know which rows are the same, as the whole batch does", async () => {
  const device = await openDevice("cpu");
  const of = (duplicates: Duplicates): AnyObjective => ({
    ...hinged,
    loss: hardNegativeContrastive({ duplicates }) as unknown as AnyLoss,
  });
  // Row 2 has row 0's caption, rows 3 and 5 have one picture.
  const [captions, negatives] = batch.groups as [TextGroup, TextGroup];
  const tokens = captions.tokens.map((text, row) => row === 2 ? captions.tokens[0]! : text);
  const groups = [{ ...captions, tokens }, negatives];
  const pictures = batch.ids.map((id, row) => row === 5 ? batch.ids[3]! : id);
  const repeated = { ...batch, groups, identity: identityOf(pictures, groups) };
  const whole = await differentiate(device, repeated, [], 64, of("drop"));
  for (const chunk of [4, 9]) {
    expectSame(await differentiate(device, repeated, [], chunk, of("drop")), whole, 1e-5);
  }
  // With those pairs left out the denominators are smaller.
  const kept = await differentiate(device, repeated, [], 64, of("keep"));
  expect(kept.values[0]).toBeGreaterThan(whole.values[0]! + 0.01);
  const different = await differentiate(device, batch, [], 64, of("drop"));
  expectSame(different, await differentiate(device, batch, [], 64, of("keep")), 1e-6);
  // Processes number what is their own alone, and yet know what they have in common.
  const exchanges = joinedExchanges(2);
  const parts = [rowsOf(repeated, 0, 4), rowsOf(repeated, 4, 7)];
  const losses = await Promise.all(parts.map(async (part, rank) => {
    const opened = await openStep(device, miniClip(5), of("drop"), {
      chunk: 64,
      exchange: exchanges[rank]!,
    });
    const { loss } = await opened.differentiate(part);
    opened.close();
    return loss;
  }));
  for (const found of losses) expect(found).toBeCloseTo(whole.values[0]!, 5);
  await device.dispose();
});

Deno.test("createTrainStep: what is kept between the ways forward and back changes no bit", async () => {
  const device = await openDevice("cpu");
  let runs = 0;
  const counting: Device = {
    ...device,
    programs: createProgramCache(),
    compile: async (...args) => {
      const program = await device.compile(...args);
      return {
        run: (...tensors) => (runs++, program.run(...tensors)),
        dispose: () => program.dispose(),
      };
    },
  };
  const differentiateWith = async (memory: number) => {
    const opened = await openStep(counting, miniClip(5), hinged, { chunk: 3, memory });
    runs = 0;
    const { loss, gradients } = await opened.differentiate(batch);
    opened.close();
    return { runs, loss, gradients };
  };
  const none = await differentiateWith(0);
  const all = await differentiateWith(Infinity);
  // Three parts of pictures and at least two of texts; each of them goes forward once less.
  expect(none.runs - all.runs).toBeGreaterThanOrEqual(5);
  // Room for some: a picture's part leaves about 50 kB.
  const some = await differentiateWith(120_000);
  expect(some.runs).toBeLessThan(none.runs);
  expect(some.runs).toBeGreaterThan(all.runs);
  for (const found of [all, some]) {
    expect(found.loss).toBe(none.loss);
    expect(found.gradients).toEqual(none.gradients);
  }
  await counting.programs.dispose();
  await device.dispose();
});

Deno.test("createTrainStep: a tower goes in parts that caches hold, where what they leave can be kept", async () => {
  const device = await openDevice("cpu");
  const keys = new Set<string>();
  const watched: Device = {
    ...device,
    // The widest product of miniClip's image tower has far more values for each picture.
    matrixValues: 1,
    programs: {
      ...device.programs,
      get: (owners, key, compile) => (keys.add(key), device.programs.get(owners, key, compile)),
    },
  };
  const differentiateOn = async (on: Device, memory: number) => {
    keys.clear();
    const opened = await openStep(on, miniClip(5), hinged, { chunk: 64, memory });
    const { loss, terms, gradients } = await opened.differentiate(batch);
    opened.close();
    return { values: [loss, ...Object.values(terms)], gradients };
  };
  const whole = await differentiateOn(device, Infinity);
  const parts = await differentiateOn(watched, Infinity);
  // The key of a loss's program tells the part that stands in it.
  const inside = () => [...keys].some((key) => key.startsWith("loss") && key.includes("image 7"));
  expect(inside()).toBe(false);
  expectSame(parts, whole, 1e-5);
  // Without room they would go forward twice; as many as the chunk says stand in the loss's program.
  await differentiateOn(watched, 0);
  expect(inside()).toBe(true);
  await device.dispose();
});

Deno.test("createTrainStep: freezing a tower changes no gradient of the other", async () => {
  const device = await openDevice("cpu");
  const all = await differentiate(device, batch, [], 64);
  for (const frozen of ["image", "text"]) {
    const part = await differentiate(device, batch, [frozen], 64);
    expect(part.gradients.size).toBeLessThan(all.gradients.size);
    const gradients = new Map(
      [...part.gradients.keys()].map((name) => [name, all.gradients.get(name)!]),
    );
    expectSame(part, { ...all, gradients }, 1e-5);
  }
  await device.dispose();
});

Deno.test("createTrainStep: gradients of several batches add up", async () => {
  const device = await openDevice("cpu");
  const model = miniClip(5);
  const other = miniBatch(7, { caption: 1, negative: 2 }, 12);
  const parameters = await uploadParameters(device, model);
  const state = createTrainingState({
    device,
    parameters,
    trained: model.parameters,
    optimizer,
    objectives: [hinged],
  });
  for (const chunk of [64, 4]) {
    const step = await createTrainStep({ device, model, state, recipe: { optimizer }, chunk });
    for (const each of [batch, other]) await step.add(hinged, each, 0);
    const parts = [
      await differentiate(device, batch, [], 64),
      await differentiate(device, other, [], 64),
    ] as const;
    for (const [name, tensor] of state.gradients) {
      const [a, b] = parts.map((part) => part.gradients.get(name)!) as [Float32Array, Float32Array];
      const found = await tensor.read() as Float32Array;
      expect(gradientDifference(name, found, a.map((value, i) => value + b[i]!))).toBeLessThan(
        1e-5,
      );
      tensor.clear();
    }
    step.dispose();
  }
  disposeState(state);
  await device.dispose();
});

Deno.test("createTrainStep: a text's gradient does not depend on how far its row is filled up", async () => {
  const device = await openDevice("cpu");
  const model = miniClip(5);
  const parameters = await uploadParameters(device, model);
  const texts = model.parameters.filter(({ part }) => part === "text");
  const short = [[1, 7, 8, 39], [1, 9, 39]];
  const seed = Float32Array.from({ length: 2 * model.dim }, (_, i) => Math.sin(i));
  const ofLength = async (tokens: number): Promise<ReadonlyMap<string, Float32Array>> => {
    const gradients = new Map(
      texts.map(({ name, shape }) => [name, device.zeros(shape, "float32")]),
    );
    const [chunk] = textChunks(short, { size: 2, padding: 3, context: 24, vocabulary: 40 });
    const ids = new BigInt64Array(2 * tokens).fill(3n);
    for (let i = 0; i < 2; i++) ids.set(chunk!.ids.subarray(i * 8, i * 8 + 8), i * tokens);
    const symbols = parameterSymbols(model);
    const inputs = {
      ids: input("ids", "int64", [2, tokens]),
      end: input("end", "int64", [2]),
      seed: input("seed", "float32", [2, model.dim]),
    };
    const program = await compileGradients({
      symbols,
      inputs,
      results: {},
      further: {},
      of: [{
        tensor: model.text.encode(inputs.ids, inputs.end, symbols.lookup),
        seed: inputs.seed,
      }],
    }, { device, parameters, gradients });
    const fed = {
      ids: device.upload(ids, [2, tokens], "int64"),
      end: device.upload(chunk!.end, [2], "int64"),
      seed: device.upload(seed, [2, model.dim], "float32"),
    };
    await program.run(fed);
    const result = new Map<string, Float32Array>();
    for (const [name, tensor] of gradients) {
      result.set(name, await tensor.read() as Float32Array);
      tensor.dispose();
    }
    for (const tensor of Object.values(fed)) tensor.dispose();
    await program.dispose();
    return result;
  };
  const expected = await ofLength(8);
  const found = await ofLength(24);
  for (const [name, values] of expected) {
    expect(gradientDifference(name, found.get(name)!, values)).toBeLessThan(1e-5);
  }
  for (const tensor of parameters.values()) tensor.dispose();
  await device.dispose();
});

Deno.test("createTrainStep: processes with rows of their own come to what one has that trains alone", async () => {
  // 7 rows for three processes: 3, 1 and 3, in chunks that fit all of them and in chunks of two.
  const shares = [[0, 3], [3, 4], [4, 7]] as const;
  const device = await openDevice("cpu");
  /** One update by each process: the values of the loss, and the parameters after it. */
  const trainWith = async (chunk: number, parts: readonly Batch[]) => {
    const exchanges = parts.length === 1 ? [alone] : joinedExchanges(parts.length);
    return await Promise.all(parts.map(async (part, rank) => {
      const model = miniClip(5);
      const parameters = await uploadParameters(device, model);
      const objectives = [hinged];
      const trained = model.parameters;
      // Plain descent, whose steps follow the gradients; Adam's first follow their signs.
      const optimizer = descent;
      const state = createTrainingState({ device, parameters, trained, optimizer, objectives });
      const exchange = exchanges[rank]!;
      const step = await createTrainStep({
        device,
        model,
        state,
        recipe: { optimizer },
        chunk,
        exchange,
      });
      const { loss, terms } = await step.add(hinged, part, 0);
      await step.update(0.1, 1);
      const gradients = new Map<string, Float32Array>();
      for (const [name, tensor] of parameters) {
        gradients.set(name, await tensor.read() as Float32Array);
      }
      step.dispose();
      disposeState(state);
      return { values: [loss, terms.contrast!, terms.hinge!], gradients };
    }));
  };
  for (const chunk of [64, 2]) {
    const [whole] = await trainWith(chunk, [batch]);
    const parts = shares.map(([from, to]) => rowsOf(batch, from, to));
    for (const found of await trainWith(chunk, parts)) expectSame(found, whole!, 1e-5);
  }
  await device.dispose();
});

/** What is found wrong with a batch, whose loss clips what it is given, by a model with these values. */
async function faultOf(
  device: Device,
  each: Batch,
  chunk: number,
  values: Readonly<Record<string, (before: Float32Array) => Float32Array>> = {},
): Promise<string | undefined> {
  const model = miniClip(5);
  const parameters = await uploadParameters(device, model);
  for (const [name, change] of Object.entries(values)) {
    const tensor = parameters.get(name)!;
    tensor.write(change(await tensor.read() as Float32Array));
  }
  const trained = model.parameters;
  const objectives = [hinged];
  const state = createTrainingState({ device, parameters, trained, optimizer, objectives });
  const step = await createTrainStep({ device, model, state, recipe: { optimizer }, chunk });
  const { fault } = await step.add(hinged, each, 0);
  step.dispose();
  disposeState(state);
  return fault;
}

for (const kind of ["cpu", "webgpu"] as const) {
  Deno.test({
    name:
      `createTrainStep: a row without a direction is named, whatever the loss makes of it, on ${kind}`,
    ignore: kind === "webgpu" && !await findWebGpu(),
    fn: async () => {
      const device = await openDevice(kind);
      const each = batch.pixels.length / batch.ids.length;
      // Token 38 stands in one text only, the second negative of row 3.
      const groups = batch.groups.map((group) => ({
        ...group,
        tokens: group.tokens.map((text, i) =>
          group.name === "negative" && i === 7 ? [1, 38, 39] : text.map((id) => id === 38 ? 37 : id)
        ),
      }));
      const rare = { ...batch, groups };
      const width = 32;
      // On WebGPU the whole batch alone: each shape takes seconds to compile.
      for (const chunk of kind === "cpu" ? [64, 4] : [64]) {
        expect(await faultOf(device, rare, chunk)).toBeUndefined();
        const dark = { ...batch, pixels: batch.pixels.with(2 * each + 5, NaN) };
        expect(await faultOf(device, dark, chunk)).toBe(
          "the embedding of the picture of row 2 (row 2) is not finite",
        );
        const flat = { "visual.proj": (before: Float32Array) => before.map(() => 0) };
        expect(await faultOf(device, batch, chunk, flat)).toBe(
          "the embedding of the picture of row 0 (row 0) has length 0",
        );
        const hole = {
          "token_embedding.weight": (before: Float32Array) => before.with(38 * width, Infinity),
        };
        expect(await faultOf(device, rare, chunk, hole)).toBe(
          "the embedding of a negative of row 3 (row 3) is not finite",
        );
      }
      await device.dispose();
    },
  });
}
