/** What losses can ask for beyond embeddings, whole and in parts, by values and by differences. */
import { expect } from "expect";
import type { Device } from "../../../../core/device/device.ts";
import { compileTyped, readResults } from "../../../../core/device/typed_program.ts";
import { withUploads } from "../../../../core/device/uploads.ts";
import type { Encoder } from "../../../../core/evaluator.ts";
import { l2Normalize } from "../../../../core/graph/composite.ts";
import {
  add,
  log,
  maximum,
  mul,
  sigmoid,
  square,
  sub,
} from "../../../../core/graph/elementwise.ts";
import { cast } from "../../../../core/graph/cast.ts";
import { gather } from "../../../../core/graph/indexing.ts";
import { matmul, reshape, sum, transpose } from "../../../../core/graph/linear.ts";
import { constant } from "../../../../core/graph/node.ts";
import { mean } from "../../../../core/graph/reduce.ts";
import type { Tensor } from "../../../../core/graph/tensor.ts";
import { openDevice } from "../../../../core/host/devices/open_device.ts";
import type { Loss, LossContext, LossExtra } from "../../../../core/loss.ts";
import type { DualEncoder } from "../../../../core/model.ts";
import { type AnyObjective, type Composer, objective } from "../../../../core/objective.ts";
import { uploadParameters } from "../../../../core/towers/device_parameters.ts";
import { createForward } from "../../../../core/towers/forward.ts";
import { parameterSymbols } from "../../../../core/towers/symbols.ts";
import { pictureParts } from "../../../../core/towers/picture_parts.ts";
import { textParts } from "../../../../core/towers/text_parts.ts";
import { declareInputs } from "../../../../core/towers/tower_part.ts";
import type { Batch } from "../../../../core/training/loop/batches.ts";
import { relativeDifference } from "../../../helpers/compare.ts";
import { joinedExchanges } from "../../../helpers/joined_exchange.ts";
import { openStep, type OpenStepOptions } from "../../../helpers/open_step.ts";
import { rowsOf } from "../../../helpers/rows_of.ts";
import { miniBatch, miniClip } from "../../../helpers/small_clip.ts";

const device = await openDevice("cpu");
Deno.test.afterAll(() => device.dispose());

const model = miniClip(5);
const counts = { caption: 1, negative: 2 };
const batch = miniBatch(7, counts, 11);

type Texts = "caption" | "negative";

function composerOf<Picture extends string = never>(
  pictures?: Readonly<Record<Picture, number>>,
): Composer<Texts, Picture> {
  const composer: Composer<Texts, Picture> = {
    name: "none",
    options: {},
    groups: counts,
    ...(pictures === undefined ? {} : { pictures }),
    rows: 1,
    compose: () => Promise.reject(new Error("batches are made by hand")),
    with: () => composer,
  };
  return composer;
}

function lossOf<Picture extends string = never, Extra extends LossExtra = never>(
  members:
    & Pick<Loss<Texts, Picture, Extra>, "compute">
    & Partial<Pick<Loss<Texts, Picture, Extra>, "extras" | "pictures" | "parameters">>,
): Loss<Texts, Picture, Extra> {
  const loss: Loss<Texts, Picture, Extra> = {
    name: "probe",
    options: {},
    needs: ["caption", "negative"],
    ...members,
    with: () => loss,
  };
  return loss;
}

/** Loss and gradients of the whole batch, which the ways in parts must come to as well. */
async function expectAllWays(
  of: AnyObjective,
  whole: Batch,
  options: Omit<OpenStepOptions, "chunk"> & { readonly model?: DualEncoder } = {},
) {
  const trained = options.model ?? model;
  const at = async (chunk: number) => {
    const opened = await openStep(device, trained, of, { ...options, chunk });
    const found = await opened.differentiate(whole);
    opened.close();
    return found;
  };
  const expected = await at(64);
  const same = (found: Awaited<ReturnType<typeof at>>) => {
    expect(found.loss).toBeCloseTo(expected.loss, 4);
    for (const [name, wanted] of expected.gradients) {
      // The keys' bias has gradient zero, of which rounding leaves something.
      if (name.endsWith("in_proj_bias")) continue;
      const difference = relativeDifference(found.gradients.get(name)!, wanted);
      expect([name, difference < 2e-5 ? "close" : difference]).toEqual([name, "close"]);
    }
  };
  // 4 divides neither pictures nor texts; with 9 the pictures fit one part, the texts do not.
  for (const chunk of [4, 9]) same(await at(chunk));
  // Two processes: the sums of both are the whole batch's.
  const exchanges = joinedExchanges(2);
  const parts = [rowsOf(whole, 0, 3), rowsOf(whole, 3, 7)];
  const found = await Promise.all(parts.map(async (part, rank) => {
    const exchange = exchanges[rank]!;
    const opened = await openStep(device, trained, of, { ...options, chunk: 4, exchange });
    const values = await opened.differentiate(part);
    opened.close();
    return values;
  }));
  const sums = [...expected.gradients.keys()].map((name) => {
    const [a, b] = found.map(({ gradients }) => gradients.get(name)!);
    return [name, a!.map((value, i) => value + b![i]!)] as const;
  });
  same({ ...found[1]!, gradients: new Map(sums) });
  return expected;
}

/** The gradients of some elements by central differences, in parts of four rows. */
async function expectDifferences(
  of: AnyObjective,
  whole: Batch,
  elements: Readonly<Record<string, number>>,
  options: Omit<OpenStepOptions, "chunk"> & { readonly model?: DualEncoder } = {},
): Promise<void> {
  const opened = await openStep(device, options.model ?? model, of, { ...options, chunk: 4 });
  const { gradients } = await opened.differentiate(whole);
  for (const [name, element] of Object.entries(elements)) {
    const values = gradients.get(name)!;
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const difference = await opened.differences(whole, name, element, 1e-2);
    const distance = Math.abs(values[element]! - difference) / largest;
    expect([name, values[element] !== 0, distance < 0.02 ? "close" : distance])
      .toEqual([name, true, "close"]);
  }
  opened.close();
}

/** Everything that the towers give for single pictures and texts, one program run for each. */
async function oneByOne({ pixels, groups }: Batch) {
  const parameters = await uploadParameters(device, model);
  const held = Object.fromEntries(parameters);
  const each = 3 * model.image.size ** 2;
  const pictures = Array.from(
    { length: pixels.length / each },
    (_, i) => pictureParts(model, pixels.subarray(i * each, (i + 1) * each), 1, 1, ["patches"]),
  );
  const texts = groups.flatMap(({ tokens }) => tokens)
    .map((tokens) => textParts(model, [tokens], 1, ["tokens", "pooled"]));
  const rows = [];
  for (const [part] of [...pictures, ...texts]) {
    const symbols = parameterSymbols(model);
    const inputs = declareInputs(part!, "tower");
    const results = part!.encode(inputs, symbols.lookup);
    const graph = { inputs: { part: inputs, held: Object.fromEntries(symbols.used) } };
    const program = await compileTyped(device, { ...graph, results, updates: {} });
    rows.push(
      await withUploads(
        device,
        async (upload) =>
          await readResults(await program.run({ part: upload(part!.inputs), held }, {})),
      ),
    );
    await program.dispose();
  }
  for (const tensor of parameters.values()) tensor.dispose();
  return { pictures: rows.slice(0, pictures.length), texts: rows.slice(pictures.length) };
}

const unit = (row: Float32Array) => {
  const length = Math.hypot(...row);
  return row.map((value) => value / length);
};
const dot = (a: Float32Array, b: Float32Array) => a.reduce((s, value, i) => s + value * b[i]!, 0);
const average = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

// As FSC-CLIP's local loss looks at them: each token of a caption, against the patches of its picture.
const local = lossOf({
  extras: ["patches", "tokens"],
  compute: ({ extra: { patches, tokens } }: LossContext<Texts, never, "patches" | "tokens">) => {
    const { embeddings, present } = tokens.caption;
    const [rows, , length, dim] = embeddings.shape as [number, number, number, number];
    const words = reshape(l2Normalize(embeddings), [rows, length, dim]);
    const similarity = matmul(words, transpose(l2Normalize(patches), [0, 2, 1]));
    const perWord = mul(mean(similarity, [2]), reshape(present, [rows, length]));
    const negatives = sum(mul(sum(tokens.negative.embeddings, [3]), tokens.negative.present));
    return {
      total: add(sum(perWord), mul(negatives, 0.01)),
      terms: { words: sum(present), patches: sum(square(patches)) },
    };
  },
});

Deno.test("LossExtras: patches and tokens are those of each picture and text alone", async () => {
  const { loss, terms } = await expectAllWays(objective("local", composerOf(), local), batch);
  const { pictures, texts } = await oneByOne(batch);
  const dim = model.dim;
  const piecesOf = (all: Float32Array) =>
    Array.from({ length: all.length / dim }, (_, i) => all.subarray(i * dim, (i + 1) * dim));
  const lengths = batch.groups.flatMap(({ tokens }) => tokens.map(({ length }) => length));
  let expected = 0;
  for (const [i, { patches }] of pictures.entries()) {
    const ofPicture = piecesOf(patches!).map(unit);
    expect(ofPicture.length).toBe(4);
    // Captions come first.
    for (const word of piecesOf(texts[i]!.tokens!).slice(0, lengths[i]).map(unit)) {
      expected += average(ofPicture.map((patch) => dot(word, patch)));
    }
  }
  for (let i = 7; i < 21; i++) {
    for (const word of piecesOf(texts[i]!.tokens!).slice(0, lengths[i])) {
      expected += 0.01 * word.reduce((a, b) => a + b, 0);
    }
  }
  expect(loss).toBeCloseTo(expected, 3);
  expect(terms.words).toBe(lengths.slice(0, 7).reduce((a, b) => a + b, 0));
  // What stands for the end token is the text's embedding, by the same norm and projection.
  for (const [i, { tokens, embedding }] of texts.entries()) {
    const last = piecesOf(tokens!)[lengths[i]! - 1]!;
    expect(relativeDifference(last, embedding)).toBeLessThan(1e-6);
  }
});

Deno.test("LossExtras: gradients flow through patches and tokens", async () => {
  await expectDifferences(objective("local", composerOf(), local), batch, {
    "visual.proj": 17,
    "visual.ln_post.weight": 3,
    "text_projection": 40,
    "positional_embedding": 5,
  });
});

// As READ-CLIP's decoder takes it: the text before its projection, by a linear map that the loss owns.
const mapped = lossOf({
  extras: ["pooled"],
  parameters: {
    map: {
      shape: ["width", "dim"],
      initial: ([rows, columns], random) =>
        Float32Array.from({ length: rows! * columns! }, () => 0.1 * random.normal()),
    },
    offset: {
      shape: [],
      initial: () => Float32Array.of(0.25),
      trained: false,
    },
  },
  compute: ({ image, extra: { pooled }, parameters }: LossContext<Texts, never, "pooled">) => {
    const { map, offset } = parameters as { readonly map: Tensor; readonly offset: Tensor };
    const [rows, , width] = pooled.caption.shape as [number, number, number];
    const texts = matmul(reshape(pooled.caption, [rows, width]), map);
    const distance = add(sum(square(sub(texts, image))), offset);
    return { total: distance, terms: { negatives: sum(square(pooled.negative)) } };
  },
});

Deno.test("LossExtras: a pooled text is what the projection makes the embedding of", async () => {
  const of = objective("mapped", composerOf(), mapped);
  const { gradients, terms } = await expectAllWays(of, batch);
  // Of the loss's parameters those are trained that it says are.
  const owned = [...gradients.keys()].filter((name) => name.startsWith("loss."));
  expect(owned).toEqual(["loss.mapped.map"]);
  const { texts } = await oneByOne(batch);
  const projection = (await model.read()).get("text_projection")!.data;
  for (const { pooled, embedding } of texts) {
    const projected = embedding.map((_, column) =>
      pooled!.reduce((s, value, row) => s + value * projection[row * model.dim + column]!, 0)
    );
    expect(relativeDifference(projected, embedding)).toBeLessThan(1e-5);
  }
  const negatives = texts.slice(7).map(({ pooled }) => dot(pooled!, pooled!));
  expect(terms.negatives).toBeCloseTo(negatives.reduce((a, b) => a + b, 0), 2);
  await expectDifferences(of, batch, { "loss.mapped.map": 7, "ln_final.weight": 2 });
});

// A weight for each of twenty examples, which the loss owns; two rows are of one example.
const weighted = lossOf({
  extras: ["example"],
  parameters: {
    weights: {
      shape: [20],
      initial: () => Float32Array.from({ length: 20 }, (_, i) => 1 + i / 10),
    },
  },
  compute: ({ image, text, extra, parameters }: LossContext<Texts, never, "example">) => {
    const [rows, , dim] = text.caption.shape as [number, number, number];
    const similarity = sum(mul(image, reshape(text.caption, [rows, dim])), [1]);
    return { total: sum(mul(similarity, gather(parameters.weights!, extra.example))), terms: {} };
  },
});

Deno.test("LossExtras: a row's example is its own in parts and in several processes", async () => {
  const of = objective("weighted", composerOf(), weighted);
  const examples = [3, 17, 3, 0, 19, 8, 12];
  const { loss, gradients } = await expectAllWays(of, { ...batch, examples });
  const { pictures, texts } = await oneByOne(batch);
  const byHand = new Float32Array(20);
  let expected = 0;
  for (const [row, example] of examples.entries()) {
    const similarity = dot(unit(pictures[row]!.embedding), unit(texts[row]!.embedding));
    byHand[example]! += similarity;
    expected += (1 + example / 10) * similarity;
  }
  expect(loss).toBeCloseTo(expected, 4);
  // An example's weight has the gradient of its rows, all others have none.
  expect(relativeDifference(gradients.get("loss.weighted.weights")!, byHand)).toBeLessThan(1e-5);
});

// As TripletCLIP's: a negative picture a row, which is not there for one of them.
const further: Batch = {
  ...batch,
  pixels: miniBatch(14, {}, 12).pixels,
  images: [{ name: "negative", count: 1, present: new Float32Array(7).fill(1).fill(0, 2, 3) }],
};
const triplet = lossOf({
  pictures: ["negative"],
  compute: ({ image, images: { negative }, text }: LossContext<Texts, "negative">) => {
    const [rows, , dim] = text.caption.shape as [number, number, number];
    const caption = reshape(text.caption, [rows, dim]);
    const other = reshape(negative.embeddings, [rows, dim]);
    const own = sum(mul(image, caption), [1]);
    const wrong = mul(sum(mul(other, caption), [1]), reshape(negative.present, [rows]));
    return { total: sum(sub(wrong, own)), terms: {} };
  },
});

Deno.test("Batch: further pictures of a row are embedded as its own is", async () => {
  const of = objective("triplet", composerOf({ negative: 1 }), triplet);
  const { loss } = await expectAllWays(of, further);
  const { pictures, texts } = await oneByOne(further);
  let expected = 0;
  for (let row = 0; row < 7; row++) {
    const caption = unit(texts[row]!.embedding);
    const similarity = (picture: number) => dot(unit(pictures[picture]!.embedding), caption);
    expected += (row === 2 ? 0 : similarity(7 + row)) - similarity(row);
  }
  expect(loss).toBeCloseTo(expected, 4);
  await expectDifferences(of, further, { "visual.proj": 17, "text_projection": 40 });
});

// A model with a bias, as SigLIP's: −log σ(s·uᵢ·tⱼ + b) where i = j, −log σ(−s·uᵢ·tⱼ − b) elsewhere.
const biased: DualEncoder = {
  ...model,
  logitBias: "logit_bias",
  parameters: [...model.parameters, { name: "logit_bias", shape: [], part: "logit_bias" }],
  read: async () =>
    new Map(await model.read()).set("logit_bias", { shape: [], data: Float32Array.of(-2) }),
};
const pairwise = lossOf({
  extras: ["logitBias"],
  compute: ({ image, text, logitScale, extra }: LossContext<Texts, never, "logitBias">) => {
    const [rows, , dim] = text.caption.shape as [number, number, number];
    const similarity = matmul(image, transpose(reshape(text.caption, [rows, dim])));
    const logits = add(mul(similarity, logitScale), extra.logitBias);
    const signs = Array.from({ length: rows * rows }, (_, i) => i % (rows + 1) === 0 ? 1 : -1);
    const right = log(sigmoid(mul(logits, constant(signs, [rows, rows]))));
    return { total: mul(mean(right), -1), terms: { bias: extra.logitBias } };
  },
});

Deno.test("LossExtras: the logit bias is the model's, and trained with it", async () => {
  const of = objective("pairwise", composerOf(), pairwise);
  const { terms, loss } = await expectAllWays(of, batch, { model: biased });
  expect(terms.bias).toBe(-2);
  const { pictures, texts } = await oneByOne(batch);
  // The mini model's logit scale is 1/0.07.
  const losses = pictures.flatMap(({ embedding }, i) =>
    texts.slice(0, 7).map((text, j) => {
      const logit = dot(unit(embedding), unit(text.embedding)) / 0.07 - 2;
      return Math.log(1 + Math.exp(i === j ? -logit : logit));
    })
  );
  expect(loss).toBeCloseTo(average(losses), 4);
  await expectDifferences(of, batch, { logit_bias: 0, logit_scale: 0 }, { model: biased });
});

Deno.test("LossExtras: a bias is not asked of a model that has none", async () => {
  const of = objective("pairwise", composerOf(), pairwise);
  const opened = await openStep(device, model, of, { chunk: 64 });
  await expect(opened.differentiate(batch)).rejects.toThrow("the model has no logit bias");
  opened.close();
});

// As DeGLA's, against a slow copy of the model: the sum of squared distances of all embeddings.
const distilled = (by: "averaged" | "frozen") =>
  lossOf({
    extras: [by],
    compute: ({ image, text, extra }: LossContext<Texts, never, "averaged" | "frozen">) => {
      const teacher = extra[by];
      const texts = (["caption", "negative"] as const).map((group) =>
        sum(square(sub(text[group], teacher.text[group])))
      );
      return { total: add(sum(square(sub(image, teacher.image))), texts.reduce(add)), terms: {} };
    },
  });

Deno.test("LossExtras: an averaged model embeds the batch with averages of the weights", async () => {
  const of = objective("averaged", composerOf(), distilled("averaged"));
  for (const chunk of [64, 4]) {
    const opened = await openStep(device, model, of, { chunk, decay: 0.9 });
    const { state, step } = opened;
    // Before the first step the average is what is trained.
    expect((await opened.differentiate(batch)).loss).toBeLessThan(1e-8);
    const projection = state.parameters.get("text_projection")!;
    const before = await projection.read() as Float32Array;
    projection.write(before.map((value, i) => value + Math.sin(i)));
    const { loss, gradients } = await opened.differentiate(batch);
    const expected = await squaredDistances(before, await projection.read() as Float32Array);
    expect(loss / expected).toBeCloseTo(1, 4);
    expect(gradients.get("text_projection")!.some((value) => value !== 0)).toBe(true);
    // An update moves the average a tenth of the way to the new weights.
    await step.add(of, batch, 0);
    await step.update(0.01, 1);
    const after = await projection.read() as Float32Array;
    const moved = await state.averages!.get("text_projection")!.read() as Float32Array;
    const wanted = before.map((value, i) => 0.9 * value + 0.1 * after[i]!);
    expect(relativeDifference(moved, wanted)).toBeLessThan(1e-6);
    opened.close();
  }
});

/** Σ‖a − b‖² over the unit embeddings of all texts, with two projections. */
async function squaredDistances(first: Float32Array, second: Float32Array): Promise<number> {
  const rows = [];
  for (const projection of [first, second]) {
    const parameters = await uploadParameters(device, model);
    parameters.get("text_projection")!.write(projection);
    const texts = batch.groups.flatMap(({ tokens }) => tokens);
    rows.push(await createForward({ device, model, parameters, chunk: 1 }).texts(texts));
    for (const tensor of parameters.values()) tensor.dispose();
  }
  let total = 0;
  for (let start = 0; start < rows[0]!.length; start += model.dim) {
    const [a, b] = rows.map((each) => unit(each.subarray(start, start + model.dim)));
    total += 2 - 2 * dot(a!, b!);
  }
  return total;
}

Deno.test("LossExtras: a frozen model gets pictures and texts as they are", async () => {
  const asked: unknown[] = [];
  // Its embeddings are shorter than the model's: no loss compares them directly, but this one can.
  const teacher: Encoder = {
    dim: 2,
    images: async (count, picture) => {
      const rows = new Float32Array(2 * count);
      for (let i = 0; i < count; i++) {
        const { data } = await picture(i);
        asked.push(data[0]);
        rows.set([Math.cos(data[0]!), Math.sin(data[0]!)], 2 * i);
      }
      return rows;
    },
    texts: (texts) => {
      asked.push(...texts);
      return Promise.resolve(
        Float32Array.from(texts.flatMap((text) => [Math.cos(text.length), Math.sin(text.length)])),
      );
    },
  };
  const sources = {
    pictures: Array.from({ length: 7 }, (_, i) => ({
      ...{ width: 1, height: 1 },
      data: Uint8Array.of(10 * i, 0, 0),
    })),
    texts: Array.from({ length: 21 }, (_, i) => "x".repeat(i)),
  };
  const loss = lossOf({
    extras: ["frozen"],
    compute: ({ image, extra: { frozen } }: LossContext<Texts, never, "frozen">) => {
      const own = sum(mul(frozen.image, reshape(frozen.text.caption, [7, 2])));
      return { total: add(own, mul(sum(image), 0)), terms: { texts: sum(frozen.text.negative) } };
    },
  });
  const of = objective("frozen", composerOf(), loss);
  const opened = await openStep(device, model, of, { chunk: 4, teacher });
  const found = await opened.differentiate({ ...batch, sources });
  opened.close();
  expect(asked).toEqual([0, 10, 20, 30, 40, 50, 60, ...sources.texts]);
  // cos(10i)·cos(i) + sin(10i)·sin(i) = cos(9i).
  const own = Array.from({ length: 7 }, (_, i) => Math.cos(9 * i)).reduce((a, b) => a + b);
  expect(found.loss).toBeCloseTo(own, 4);
  const negatives = Array.from({ length: 14 }, (_, i) => Math.cos(i + 7) + Math.sin(i + 7));
  expect(found.terms.texts).toBeCloseTo(negatives.reduce((a, b) => a + b), 4);
});

Deno.test("LossExtras: what a loss reads by itself stands in its program, whole and in parts", async () => {
  // Each row's caption, weighed with the sum of its ids; texts of other lengths in other processes.
  const lengths = [1, 3, 2, 5, 9, 4, 0];
  const length = 9;
  const ids = lengths.flatMap((own, row) =>
    Array.from({ length }, (_, i) => i < own ? row + i : -1)
  );
  const whole: Batch = {
    ...batch,
    read: [{ name: "negative", count: 1, length, ids: Float32Array.from(ids) }],
  };
  const loss: Loss<Texts, never, "read"> = {
    ...lossOf({ compute: () => ({ total: constant([0], []), terms: {} }) }),
    needs: ["caption", "negative"],
    extras: ["read"],
    reads: { negative: { length, encode: () => [] } },
    compute: ({ text, extra: { read } }: LossContext<Texts, never, "read">) => {
      const [rows, , tokens] = read.negative!.shape as [number, number, number];
      const known = reshape(maximum(read.negative!, 0), [rows, tokens]);
      const weights = sum(cast(known, "float32"), [1]);
      const mine = sum(text.caption, [1, 2]);
      return { total: sum(mul(mine, weights)), terms: { weights: sum(weights) } };
    },
    with: () => loss,
  };
  const { terms } = await expectAllWays(objective("reads", composerOf(), loss), whole);
  const expected = ids.reduce((sum, id) => sum + Math.max(0, id), 0);
  expect(terms.weights).toBe(expected);
});

Deno.test("LossContext: tells step and epoch", async () => {
  const loss = lossOf({
    compute: ({ image, step, epoch }: LossContext<Texts>) => ({
      total: mul(sum(image), 0),
      terms: { step, epoch },
    }),
  });
  const opened = await openStep(device, model, objective("when", composerOf(), loss), {
    chunk: 64,
  });
  const { terms } = await opened.differentiate({ ...batch, epoch: 3 }, 12);
  expect(terms).toEqual({ step: 12, epoch: 3 });
  opened.close();
});

Deno.test("LossExtras: what no loss asks for is not computed", async () => {
  // As many programs, of as many nodes: with patches and tokens at hand a plain loss costs the same.
  const compiled: number[] = [];
  const counting: Device = {
    ...device,
    programs: (await openDevice("cpu")).programs,
    compile: (signature, options) => {
      compiled.push(signature.inputs.length + Object.keys(signature.outputs).length);
      return device.compile(signature, options);
    },
  };
  const loss = lossOf({
    compute: ({ image, text }: LossContext<Texts>) => ({
      total: add(sum(image), sum(text.caption)),
      terms: {},
    }),
  });
  const run = async (of: DualEncoder) => {
    compiled.length = 0;
    const opened = await openStep(counting, of, objective("plain", composerOf(), loss), {
      chunk: 64,
    });
    await opened.differentiate(batch);
    opened.close();
    return [...compiled];
  };
  const { encodeWith: _, ...image } = model.image;
  const { encodeWith: __, width: ___, ...text } = model.text;
  expect(await run(model)).toEqual(await run({ ...model, image, text }));
});
