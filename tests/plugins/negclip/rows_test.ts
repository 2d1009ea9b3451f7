import { expect } from "expect";
import type { ComposeContext } from "../../../core/objective.ts";
import type { Preprocessing } from "../../../core/model.ts";
import type { PrepareContext } from "../../../core/prepare_context.ts";
import { createRandom } from "../../../core/random.ts";
import type { DataSet } from "../../../core/dataset.ts";
import type { Encoder } from "../../../core/evaluator.ts";
import { PictureError } from "../../../core/images/picture_error.ts";
import type { Raster } from "../../../core/images/raster.ts";
import { nearestNeighbours } from "../../../plugins/negclip/nearest_neighbours.ts";
import { negclipRows } from "../../../plugins/negclip/rows.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { negclipSwaps } from "../../../plugins/negclip/swaps.ts";
import { findWebGpu } from "../../helpers/devices.ts";
import { memoryDataSet, type MemoryExample } from "../../helpers/memory_data_set.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const device = await openDevice("cpu");
Deno.test.afterAll(() => device.dispose());

/** The neighbours by the definition: all dot products, the largest first, then the earlier row. */
function bruteForce(rows: Float32Array, dim: number, neighbours: number): number[] {
  const count = rows.length / dim;
  const dot = (a: number, b: number) => {
    let sum = 0;
    for (let k = 0; k < dim; k++) sum += rows[a * dim + k]! * rows[b * dim + k]!;
    return sum;
  };
  return Array.from(
    { length: count },
    (_, i) =>
      Array.from({ length: count }, (_, j) => j).filter((j) => j !== i)
        .sort((a, b) => dot(i, b) - dot(i, a) || a - b)
        .slice(0, neighbours),
  ).flat();
}

Deno.test("nearestNeighbours: equals the definition, whatever the block", async () => {
  const random = createRandom(7);
  // Small whole numbers: exact sums, and many ties.
  const rows = Float32Array.from({ length: 23 * 4 }, () => random.integer(5) - 2);
  for (const block of [23, 64, 10, 7, 3]) {
    const found = await nearestNeighbours(rows, { device, dim: 4, neighbours: 3, block });
    expect([block, ...found]).toEqual([block, ...bruteForce(rows, 4, 3)]);
  }
});

Deno.test({
  name: "nearestNeighbours: the same on WebGPU",
  ignore: !await findWebGpu(),
  fn: async () => {
    const gpu = await openDevice("webgpu");
    const random = createRandom(7);
    const rows = Float32Array.from({ length: 23 * 4 }, () => random.integer(5) - 2);
    const found = await nearestNeighbours(rows, { device: gpu, dim: 4, neighbours: 3, block: 10 });
    expect([...found]).toEqual(bruteForce(rows, 4, 3));
    await gpu.dispose();
  },
});

Deno.test("nearestNeighbours: a few rows have each other, one row has none", async () => {
  const rows = new Float32Array([1, 0, 1, 0]);
  expect([...await nearestNeighbours(rows, { device, dim: 2, neighbours: 3 })]).toEqual([1, 0]);
  expect([...await nearestNeighbours(rows.slice(2), { device, dim: 2, neighbours: 3 })]).toEqual(
    [],
  );
  const done: number[] = [];
  await nearestNeighbours(new Float32Array(10).fill(1), {
    device,
    dim: 2,
    neighbours: 1,
    block: 2,
    onProgress: (rows) => done.push(rows),
  });
  expect(done).toEqual([2, 4, 5]);
});

/** Pictures by their shade, 0 to 255; the encoder below puts them on a quarter of a circle. */
function shades(...values: (number | null)[]): DataSet {
  return memoryDataSet(values.map((shade, i): MemoryExample => ({
    captions: [`a dog ${i} on a sofa`, `a cat ${i} on a chair`],
    picture: shade === null ? null : { width: 9, height: 8, color: [shade, shade, shade] },
  })));
}

/** Counts its pictures. */
function shadeEncoder(): Encoder & { readonly asked: () => number } {
  let asked = 0;
  return {
    dim: 2,
    images: async (count, picture) => {
      const rows = new Float32Array(2 * count);
      for (let i = 0; i < count; i++) {
        const { data }: Raster = await picture(i);
        asked++;
        const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
        const angle = (mean / 255) * (Math.PI / 2);
        rows.set([Math.cos(angle), Math.sin(angle)], 2 * i);
      }
      return rows;
    },
    texts: () => Promise.reject(new Error("no texts are embedded")),
    asked: () => asked,
  };
}

const PREPROCESSING: Preprocessing = { size: 4, mean: [0, 0, 0], deviation: [1, 1, 1] };

function preparation(data: DataSet, encoder: Encoder = shadeEncoder()) {
  const lines: string[] = [];
  const context: PrepareContext = {
    data,
    device,
    encoder,
    keptEncoder: () => Promise.resolve(encoder),
    preprocessing: PREPROCESSING,
    rehearsal: false,
    assets: {
      file: () => Promise.reject(new Error("no files")),
      optionalFile: () => Promise.reject(new Error("no files")),
    },
    log: (line) => lines.push(line),
  };
  return { context, lines };
}

function context(data: DataSet, epoch = 0): ComposeContext {
  return {
    data,
    preprocessing: PREPROCESSING,
    seed: 5,
    epoch,
  };
}

// By shade: 0, 10 and 20 lie together, and 200, 210.
const data = shades(0, 200, 10, 210, 20);

Deno.test("negclipRows: two rows, the second one of a nearest neighbour", async () => {
  const composer = await negclipRows({ neighbours: 2 }).prepare!(preparation(data).context);
  expect([composer.rows, composer.groups]).toEqual([2, { caption: 1, negative: 1 }]);
  const partners = new Map<number, Set<string>>();
  for (let index = 0; index < data.length; index++) {
    partners.set(index, new Set());
    for (let epoch = 0; epoch < 40; epoch++) {
      const rows = await composer.compose(index, context(data, epoch));
      expect(rows.length).toBe(2);
      expect(rows[0]!.id).toBe(`example ${index}`);
      partners.get(index)!.add(rows[1]!.id);
      for (const { id, image, texts } of rows) {
        const own = Number(id.slice("example ".length));
        expect(image).toMatchObject({ width: 4, height: 4 });
        // Plain pictures tell which one it is.
        expect([...image.data]).toEqual(Array(48).fill([0, 200, 10, 210, 20][own]));
        expect(texts.caption).toEqual([`a dog ${own} on a sofa`]);
        expect(texts.negative).toEqual([`a sofa ${own} on a dog`]);
      }
    }
  }
  // The two nearest of each, both drawn within 40 epochs (missed with probability 2^−39).
  expect(partners).toEqual(
    new Map([
      [0, new Set(["example 2", "example 4"])],
      [1, new Set(["example 3", "example 4"])],
      [2, new Set(["example 0", "example 4"])],
      [3, new Set(["example 1", "example 4"])],
      [4, new Set(["example 0", "example 2"])],
    ]),
  );
});

Deno.test("negclipRows: rows depend on seed, epoch and index alone", async () => {
  const make = async () =>
    await negclipRows({ neighbours: 2, caption: "random", crop: [0.3, 1] }).prepare!(
      preparation(data).context,
    );
  const [one, other] = [await make(), await make()];
  const rows = await one.compose(3, context(data));
  await other.compose(1, context(data));
  expect(await other.compose(3, context(data))).toEqual(rows);
  const drawn = new Set<string>();
  for (let epoch = 0; epoch < 20; epoch++) {
    for (const { texts } of await one.compose(3, context(data, epoch))) {
      drawn.add(texts.caption[0]!.slice(0, 5));
    }
  }
  expect(drawn).toEqual(new Set(["a dog", "a cat"]));
});

Deno.test("negclipRows: pictures that cannot be decoded are nobody's neighbour", async () => {
  const broken = shades(0, null, 10, 210);
  const { context: given, lines } = preparation(broken);
  const composer = await negclipRows({ neighbours: 3 }).prepare!(given);
  expect(lines.some((line) => line.includes("picture 1: cannot be read"))).toBe(true);
  const partners = new Set<string>();
  for (let epoch = 0; epoch < 40; epoch++) {
    partners.add((await composer.compose(0, context(broken, epoch)))[1]!.id);
  }
  expect(partners).toEqual(new Set(["example 2", "example 3"]));
  await expect(composer.compose(1, context(broken))).rejects.toThrow(PictureError);
  await expect(negclipRows().prepare!(preparation(shades(0, null)).context)).rejects.toThrow(
    "expected at least two pictures that can be decoded in memory, found 1",
  );
});

Deno.test("negclipRows: examples that share a picture are not each other's neighbours", () =>
  withFolder(async (folder) => {
    // Pictures A (examples 0 and 1), B (2, 3 and 4) and C (5), by shade 0, 10 and 200.
    const firsts = [0, 0, 2, 2, 2, 5];
    const shared: DataSet = {
      ...shades(0, 0, 10, 10, 10, 200),
      pictureOf: (index) => firsts[index]!,
    };
    const partners = async () => {
      const encoder = shadeEncoder();
      const composer = await negclipRows({ neighbours: 1, cache: folder }).prepare!(
        preparation(shared, encoder).context,
      );
      const found = [];
      for (let index = 0; index < shared.length; index++) {
        const drawn = new Set<string>();
        for (let epoch = 0; epoch < 40; epoch++) {
          const [own, other] = await composer.compose(index, context(shared, epoch));
          expect(own!.texts.caption).toEqual(shared.record(index).captions.slice(0, 1));
          // Each with its own caption.
          const of = Number(other!.id.slice("example ".length));
          expect(other!.texts.caption).toEqual(shared.record(of).captions.slice(0, 1));
          drawn.add(other!.id.slice("example ".length));
        }
        found.push([...drawn].sort().join());
      }
      return { found, asked: encoder.asked() };
    };
    // A's nearest is B, in any of its examples; B's is A, and C's is B.
    const found = ["2,3,4", "2,3,4", "0,1", "0,1", "0,1", "2,3,4"];
    // Three pictures and the probe; then the probe alone.
    expect(await partners()).toEqual({ found, asked: 4 });
    expect(await partners()).toEqual({ found, asked: 1 });
  }));

Deno.test("negclipRows: an example whose shared picture cannot be decoded is skipped", async () => {
  const shared: DataSet = {
    ...shades(0, null, null, 10),
    pictureOf: (index) => [0, 1, 1, 3][index]!,
  };
  const { context: given, lines } = preparation(shared);
  const composer = await negclipRows().prepare!(given);
  // Told once, for both.
  expect(lines.filter((line) => line.includes("cannot be read")).length).toBe(1);
  await expect(composer.compose(1, context(shared))).rejects.toThrow(PictureError);
  await expect(composer.compose(2, context(shared))).rejects.toThrow(PictureError);
});

Deno.test("negclipRows: a cache spares a second run the embedding", () =>
  withFolder(async (folder) => {
    const cache = `${folder}/a/b`;
    const composer = negclipRows({ neighbours: 2, cache });
    const encoder = shadeEncoder();
    const first = await composer.prepare!(preparation(data, encoder).context);
    // All pictures, and the probe.
    expect(encoder.asked()).toBe(data.length + 1);
    const second = await composer.prepare!(preparation(data, encoder).context);
    expect(encoder.asked()).toBe(data.length + 2);
    for (let index = 0; index < data.length; index++) {
      expect(await second.compose(index, context(data)))
        .toEqual(await first.compose(index, context(data)));
    }
    const [file] = [...Deno.readDirSync(cache)];
    const path = `${cache}/${file!.name}`;
    const kept = JSON.parse(await Deno.readTextFile(path));
    expect(kept.neighbours[0]).toEqual([2, 4]);

    // Another number of neighbours, other data, another model: embedded anew.
    await composer.with({ neighbours: 1 }).prepare!(preparation(data, encoder).context);
    expect(encoder.asked()).toBe(2 * (data.length + 1) + 1);
    const other = { ...data, fingerprint: () => Promise.resolve("other") };
    await composer.prepare!(preparation(other, encoder).context);
    expect(encoder.asked()).toBe(3 * (data.length + 1) + 1);
    const turned: Encoder = {
      ...encoder,
      images: async (count, picture) => (await encoder.images(count, picture)).reverse(),
    };
    await composer.prepare!(preparation(data, turned).context);
    expect(encoder.asked()).toBe(4 * (data.length + 1) + 1);

    await Deno.writeTextFile(path, '{"data": 1}');
    await expect(composer.prepare!(preparation(data).context)).rejects.toThrow(SyntaxError);
  }));

Deno.test("negclipRows: options are checked, those of its generator too", async () => {
  const composer = negclipRows();
  expect(composer.options).toEqual({
    neighbours: 3,
    caption: "first",
    crop: null,
    cache: null,
    from: null,
    negatives: { name: "negclipSwaps", ...negclipSwaps().options },
  });
  expect(composer.with({ negatives: { preset: "released" } }).options.negatives).toMatchObject({
    name: "negclipSwaps",
    symmetric: "keep",
  });
  expect(() => composer.with({ neighbours: 0 })).toThrow(RangeError);
  expect(() => composer.with({ negatives: { name: "replace" } })).toThrow(
    "expected a generator of negatives",
  );
  await expect(composer.compose(0, context(data))).rejects.toThrow("expected prepare()");
});
