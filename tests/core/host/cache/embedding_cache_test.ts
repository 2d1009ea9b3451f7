import { cachedEncoder } from "../../../../core/host/cache/embedding_cache.ts";
import { expect } from "expect";
import { pictureKey } from "../../../../core/host/images/picture_key.ts";
import { openDevice } from "../../../../core/host/devices/open_device.ts";
import { createEncoder } from "../../../../core/towers/encoder.ts";
import { towerFingerprints } from "../../../../core/host/cache/tower_fingerprints.ts";
import { uploadParameters } from "../../../../core/towers/device_parameters.ts";
import type { Encoder } from "../../../../core/evaluator.ts";
import type { HostTensor } from "../../../../core/model.ts";
import type { Raster } from "../../../../core/images/raster.ts";
import { scenesCompositional } from "../../../../plugins/scenes/compositional.ts";
import { scenesRetrieval } from "../../../../plugins/scenes/retrieval.ts";
import { openEmbeddingStore } from "../../../../core/host/cache/embedding_store.ts";
import { miniClip } from "../../../helpers/small_clip.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

const key = "ab".repeat(32);
/** The text tower's file is the one that the tests look at. */
const keys = { image: "cd".repeat(32), text: key };
const at = (folder: string) => `${folder}/${key}.embeddings`;

const valueOf = (values: ReadonlyMap<string, HostTensor>) => (name: string) => values.get(name)!;

/** A text's length and its first character; a picture's width and first byte. Counts what it embeds. */
function counting(): Encoder & { readonly texts_: string[]; readonly pictures: number[] } {
  const texts_: string[] = [];
  const pictures: number[] = [];
  return {
    dim: 2,
    texts_,
    pictures,
    texts: (texts) => {
      texts_.push(...texts);
      return Promise.resolve(
        Float32Array.from(texts.flatMap((text) => [text.length, text.codePointAt(0) ?? 7])),
      );
    },
    images: async (count, picture) => {
      const rows: number[] = [];
      for (let i = 0; i < count; i++) {
        const { width, data } = await picture(i);
        pictures.push(data[0]!);
        rows.push(width, data[0]!);
      }
      return Float32Array.from(rows);
    },
  };
}

const picture = (value: number): Raster => ({
  width: 1,
  height: 1,
  data: Uint8Array.of(value, 0, 0),
});

Deno.test("cachedEncoder: each different text is embedded once, in this process and the next", () =>
  withFolder(async (folder) => {
    const first = counting();
    const encoder = cachedEncoder(first, { folder, keys });
    const texts = ["abc", "b", "abc", "", "b"];
    // Length and code of the first character: a is 97, b is 98; 7 where there is none.
    const expected = Float32Array.of(3, 97, 1, 98, 3, 97, 0, 7, 1, 98);
    expect(await encoder.texts(texts)).toEqual(expected);
    // Sorted by length, so that short texts share a chunk.
    expect(first.texts_).toEqual(["", "b", "abc"]);
    expect(await encoder.texts(texts)).toEqual(expected);
    expect(encoder.counts).toEqual({ reused: 3, computed: 3 });

    const second = counting();
    const again = cachedEncoder(second, { folder, keys });
    expect(await again.texts(["zz", ...texts])).toEqual(Float32Array.of(2, 122, ...expected));
    expect(second.texts_).toEqual(["zz"]);
    expect(await again.texts([])).toEqual(new Float32Array(0));

    // Another model takes nothing from this one.
    const other = counting();
    await cachedEncoder(other, { folder, keys: { ...keys, text: "ef".repeat(32) } }).texts(["b"]);
    expect(other.texts_).toEqual(["b"]);
  }));

Deno.test("cachedEncoder: pictures with a key are not asked for again, others not embedded again", () =>
  withFolder(async (folder) => {
    const values = [5, 6, 5];
    const keyOf = (index: number) => Promise.resolve(`picture ${values[index]}`);
    const expected = Float32Array.of(1, 5, 1, 6, 1, 5);
    for (const [asked, embedded] of [[2, [5, 6]], [0, []]] as const) {
      const inner = counting();
      let calls = 0;
      const encoder = cachedEncoder(inner, { folder, keys });
      const give = (index: number) => {
        calls++;
        return Promise.resolve(picture(values[index]!));
      };
      expect(await encoder.images(3, give, keyOf)).toEqual(expected);
      expect([calls, inner.pictures]).toEqual([asked, embedded]);
    }
    for (const embedded of [[5, 6], []]) {
      const inner = counting();
      const give = (index: number) => Promise.resolve(picture(values[index]!));
      expect(await cachedEncoder(inner, { folder, keys }).images(3, give)).toEqual(expected);
      // Without a key, what the picture shows names it.
      expect(inner.pictures).toEqual(embedded);
    }
  }));

Deno.test("cachedEncoder: many pictures keep their order, block after block", () =>
  withFolder(async (folder) => {
    const count = 600;
    const give = (index: number) =>
      Promise.resolve({ ...picture(index % 200), width: 1 + Math.floor(index / 200) });
    const expected = Float32Array.from(
      Array.from({ length: count }, (_, i) => [1 + Math.floor(i / 200), i % 200]).flat(),
    );
    const keyOf = (index: number) => Promise.resolve(String(index));
    for (const [inner, name] of [[counting(), keyOf], [counting(), undefined]] as const) {
      const encoder = cachedEncoder(inner, { folder, keys });
      expect(await encoder.images(count, give, name)).toEqual(expected);
      expect(encoder.counts).toEqual({ reused: 0, computed: 600 });
    }
  }));

Deno.test("cachedEncoder: a benchmark's second run makes no forward pass and has the same scores", () =>
  withFolder(async (folder) => {
    const device = await openDevice("cpu");
    const model = miniClip(3);
    const parameters = await uploadParameters(device, model);
    const fingerprints = await towerFingerprints(model, valueOf(await model.read()), device);
    const context = { assets: undefined!, images: undefined!, log: () => {} };
    const evaluators = [scenesCompositional, scenesRetrieval].map((make) =>
      make({ items: 10, seed: 1, size: 8 })
    );
    const found: unknown[] = [];
    for (const run of [1, 2]) {
      const encoder = createEncoder({ device, model, parameters, chunk: 16 });
      let passes = 0;
      const inner: Encoder = {
        dim: encoder.dim,
        images: (...args) => (passes++, encoder.images(...args)),
        texts: (texts) => (passes++, encoder.texts(texts)),
      };
      const cached = cachedEncoder(inner, { folder, keys: fingerprints });
      for (const evaluator of evaluators) found.push(await evaluator.evaluate(cached, context));
      expect({ run, none: passes === 0 }).toEqual({ run, none: run === 2 });
      expect(cached.counts.computed > 0).toBe(run === 1);
    }
    expect(found.slice(2)).toEqual(found.slice(0, 2));
    for (const tensor of parameters.values()) tensor.dispose();
    await device.dispose();
  }));

Deno.test("cachedEncoder: a file cut anywhere or damaged loses only what stood behind", () =>
  withFolder(async (folder) => {
    await cachedEncoder(counting(), { folder, keys }).texts(["a", "bb", "ccc"]);
    const whole = await Deno.readFile(at(folder));
    // Header 32; each record 32 of key, 8 of values, 4 of checksum.
    expect(whole.length).toBe(32 + 3 * 44);
    for (const size of [0, 1, 31, 32, 33, 75, 76, 119, 120, 163]) {
      await Deno.writeFile(at(folder), whole.slice(0, size));
      const inner = counting();
      const rows = await cachedEncoder(inner, { folder, keys }).texts(["a", "bb", "ccc"]);
      expect(rows).toEqual(Float32Array.of(1, 97, 2, 98, 3, 99));
      const kept = Math.max(0, Math.floor((size - 32) / 44));
      expect({ size, embedded: inner.texts_ })
        .toEqual({ size, embedded: ["a", "bb", "ccc"].slice(kept) });
      expect(await Deno.readFile(at(folder))).toEqual(whole);
    }
    // A bit of the second row: it and the third are embedded again.
    const damaged = whole.slice();
    damaged[32 + 44 + 33]! ^= 1;
    await Deno.writeFile(at(folder), damaged);
    const inner = counting();
    await cachedEncoder(inner, { folder, keys }).texts(["a", "bb", "ccc"]);
    expect(inner.texts_).toEqual(["bb", "ccc"]);
    expect(await Deno.readFile(at(folder))).toEqual(whole);
    // A file of something else is no reason to fail.
    await Deno.writeTextFile(at(folder), "something else, longer than a header is by far");
    await cachedEncoder(counting(), { folder, keys }).texts(["a", "bb", "ccc"]);
    expect(await Deno.readFile(at(folder))).toEqual(whole);
  }));

Deno.test("cachedEncoder: the folder stays within its bound, the oldest models go first", () =>
  withFolder(async (folder) => {
    const others = ["01", "02", "03"].map((each) => each.repeat(32));
    for (const [age, key] of others.entries()) {
      await cachedEncoder(counting(), { folder, keys: { ...keys, text: key } })
        .texts(["a", "bb"]);
      // 120 bytes each, the first the oldest.
      await Deno.utime(`${folder}/${key}.embeddings`, 1000 + age, 1000 + age);
    }
    const files = () =>
      [...Deno.readDirSync(folder)].map(({ name }) => name.slice(0, 2)).toSorted();
    // A file of 120 more and room for 400: one of the others has to go.
    const inner = counting();
    await cachedEncoder(inner, { folder, keys, maxBytes: 400 }).texts(["a", "bb"]);
    expect(files()).toEqual(["02", "03", "ab"]);
    // Room for a header and two records only: the third is not kept, and not lost either.
    const tight = cachedEncoder(counting(), { folder, keys, maxBytes: 260 });
    expect(await tight.texts(["a", "bb", "ccc"])).toEqual(Float32Array.of(1, 97, 2, 98, 3, 99));
    expect(files()).toEqual(["ab"]);
    expect((await Deno.stat(at(folder))).size).toBe(120);
  }));

Deno.test("cachedEncoder: two writers of one file lose nothing", () =>
  withFolder(async (folder) => {
    const [a, b] = [counting(), counting()].map((inner) => cachedEncoder(inner, { folder, keys }));
    await a!.texts(["a"]);
    await b!.texts(["b"]);
    await Promise.all([a!.texts(["cc", "dd"]), b!.texts(["ee"])]);
    const inner = counting();
    await cachedEncoder(inner, { folder, keys }).texts(["a", "b", "cc", "dd", "ee"]);
    expect(inner.texts_).toEqual([]);
  }));

Deno.test("cachedEncoder: what cannot be kept is told once, and embedded all the same", () =>
  withFolder(async (folder) => {
    const log: string[] = [];
    const encoder = cachedEncoder(counting(), { folder, keys, log: (line) => log.push(line) });
    await encoder.texts(["a"]);
    await Deno.remove(at(folder));
    await Deno.mkdir(at(folder));
    expect(await encoder.texts(["bb"])).toEqual(Float32Array.of(2, 98));
    expect(await encoder.texts(["cc"])).toEqual(Float32Array.of(2, 99));
    expect(log.length).toBe(1);
    expect(log[0]).toContain(at(folder));
    expect(() => cachedEncoder(counting(), { folder, keys: { ...keys, image: "../x" } }))
      .toThrow('keys.image: expected 64 hexadecimal digits, found "../x"');
  }));

Deno.test("cachedEncoder: a cache that cannot even be opened is told once, and nothing fails", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "in the way");
    const log: string[] = [];
    const encoder = cachedEncoder(counting(), {
      folder: `${folder}/file`,
      keys,
      log: (line) => log.push(line),
    });
    for (let time = 0; time < 2; time++) {
      expect(await encoder.texts(["bb"])).toEqual(Float32Array.of(2, 98));
    }
    expect(await encoder.images(1, () => Promise.resolve(picture(7)))).toEqual(
      Float32Array.of(1, 7),
    );
    expect(log).toEqual([expect.stringMatching(/^embeddings are no longer kept: .*file/)]);
  }));

Deno.test("openEmbeddingStore: rows of another length begin the file anew", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a`;
    const store = await openEmbeddingStore(path, 2, 1000);
    await store.append([{ key, row: Float32Array.of(1, 2) }]);
    expect((await openEmbeddingStore(path, 2, 1000)).has(key)).toBe(true);
    expect((await openEmbeddingStore(path, 3, 1000)).has(key)).toBe(false);
  }));

Deno.test("openEmbeddingStore: takes no row from a file that another process began anew", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a`;
    const store = await openEmbeddingStore(path, 2, 1000);
    await store.append([{ key, row: Float32Array.of(1, 2) }]);
    const into = new Float32Array(2);
    store.read([key], into, [0]);
    expect(into).toEqual(Float32Array.of(1, 2));
    await Deno.remove(path);
    const gone = `${path}: another process has removed its embeddings`;
    expect(() => store.read([key], into, [0])).toThrow(gone);
    const other = await openEmbeddingStore(path, 2, 1000);
    expect(() => store.read([key], into, [0])).toThrow(gone);
    await other.append([{ key: "cd".repeat(32), row: Float32Array.of(3, 4) }]);
    expect(() => store.read([key], into, [0])).toThrow(gone);
  }));

Deno.test("towerFingerprints: each follows what its own tower's embeddings depend on", async () => {
  const model = miniClip(1);
  const values = await model.read();
  const cpu = { kind: "cpu" } as const;
  const base = await towerFingerprints(model, valueOf(values), cpu);
  expect(base.image).toMatch(/^[0-9a-f]{64}$/);
  expect(await towerFingerprints(miniClip(1), valueOf(await miniClip(1).read()), cpu)).toEqual(
    base,
  );
  const changed = (tower: string) => {
    const name = model.parameters.map(({ name }) => name).find((name) => name.startsWith(tower))!;
    const { shape, data } = values.get(name)!;
    return valueOf(new Map(values).set(name, { shape, data: data.map((value) => value + 1) }));
  };
  // Embeddings do not depend on it.
  expect(await towerFingerprints(model, changed(model.logitScale), cpu)).toEqual(base);
  const { tokenizer, preprocessing, image } = model;
  const mean = [0, 0, 0] as const;
  const encode = (_: string, most: number) => tokenizer.encode("1", most);
  // The same parameters, used otherwise: the second layer's place is taken by the first's.
  const twice: typeof image.encode = (pixels, parameter) =>
    image.encode(pixels, (name) => parameter(name.replace("blocks.1", "blocks.0")));
  const ofImage = [
    await towerFingerprints(model, changed("visual."), cpu),
    await towerFingerprints(
      { ...model, preprocessing: { ...preprocessing, mean } },
      valueOf(values),
      cpu,
    ),
    await towerFingerprints({ ...model, image: { ...image, encode: twice } }, valueOf(values), cpu),
  ];
  const ofText = [
    await towerFingerprints(model, changed("token_embedding"), cpu),
    await towerFingerprints(
      { ...model, tokenizer: { ...tokenizer, encode } },
      valueOf(values),
      cpu,
    ),
  ];
  const elsewhere = await towerFingerprints(model, valueOf(values), { kind: "webgpu" });
  for (const { text } of ofImage) expect(text).toBe(base.text);
  for (const { image } of ofText) expect(image).toBe(base.image);
  const different = (each: "image" | "text", all: readonly (typeof base)[]) =>
    new Set([base, elsewhere, ...all].map((found) => found[each])).size;
  expect(different("image", ofImage)).toBe(5);
  expect(different("text", ofText)).toBe(4);
});

Deno.test("pictureKey: follows the bytes and the operation, not the name", () =>
  withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a`, Uint8Array.of(1, 2));
    await Deno.writeFile(`${folder}/b`, Uint8Array.of(1, 2));
    await Deno.writeFile(`${folder}/c`, Uint8Array.of(1, 3));
    const [a, b, c] = await Promise.all(
      ["a", "b", "c"].map((name) => pictureKey(`${folder}/${name}`)),
    );
    expect(a).toBe(b);
    expect(a).not.toBe(c);
    expect(await pictureKey(`${folder}/a`, { kind: "square", size: 2 })).not.toBe(a);
    await expect(pictureKey(`${folder}/none`)).rejects.toMatchObject({ name: "PictureError" });
  }));
