import { openCheckpoint } from "../../../../core/host/storage/checkpoint.ts";
import { openSafetensors } from "../../../../core/host/storage/safetensors.ts";
import {
  type SafetensorsDtype,
  type TensorData,
  tensorDataClasses,
} from "../../../../core/host/storage/safetensors_dtype.ts";
import {
  type TensorToWrite,
  writeSafetensors,
} from "../../../../core/host/storage/safetensors_writer.ts";
import { expect } from "expect";
import fc from "fast-check";

const golden = new URL("../../../golden/storage/", import.meta.url).pathname;
const folder = await Deno.makeTempDir();
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

/** A file with the given header, and as many zero bytes after it as asked. */
async function fileWith(header: string, dataBytes: number, promised?: bigint): Promise<string> {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, promised ?? BigInt(text.length), true);
  bytes.set(text, 8);
  const path = `${folder}/${crypto.randomUUID()}.safetensors`;
  await Deno.writeFile(path, bytes);
  return path;
}

const one = `{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`;

Deno.test("openSafetensors: reads every type that the reference implementation wrote", async () => {
  // mixed.safetensors was written by the Python package safetensors from these PyTorch values.
  const file = await openSafetensors(`${golden}mixed.safetensors`);
  expect(file.metadata).toEqual({ format: "pt", note: "Zürich" });
  expect([...file.names].sort()).toEqual(
    ["bfloat16", "bool", "empty", "float16", "float32", "float64", "int32", "int64", "scalar"]
      .concat("uint8"),
  );
  expect(file.info("float32")).toEqual({ dtype: "F32", shape: [2, 3] });
  expect(file.info("scalar")).toEqual({ dtype: "F32", shape: [] });
  expect(file.info("empty")).toEqual({ dtype: "F32", shape: [0, 3] });
  expect(await file.read("float32")).toEqual(new Float32Array([0, 1, 2, 3, 4, 5]));
  expect(await file.read("scalar")).toEqual(new Float32Array([2.5]));
  expect(await file.read("empty")).toEqual(new Float32Array(0));
  expect(await file.read("float64")).toEqual(new Float64Array([1.5, -2.25, 1e300, 0.1]));
  expect(await file.read("int64")).toEqual(new BigInt64Array([9007199254740993n, -1n]));
  expect(await file.read("int32")).toEqual(new Int32Array([7, -8]));
  expect(await file.read("uint8")).toEqual(new Uint8Array([0, 255, 3]));
  expect(await file.read("bool")).toEqual(new Uint8Array([1, 0, 1]));
  // 0.5 is 2^-1: exponent 14, 0x3800; -2: sign and exponent 16, 0xc000; 65504 is the largest: 0x7bff.
  expect(await file.read("float16")).toEqual(new Uint16Array([0x3800, 0xc000, 0x7bff]));
  expect(await file.readFloat32("float16")).toEqual(new Float32Array([0.5, -2, 65504]));
  expect(await file.readFloat32("bfloat16")).toEqual(new Float32Array([1, -0.375, 3]));
  expect(await file.readFloat32("float64")).toEqual(new Float32Array([1.5, -2.25, Infinity, 0.1]));
});

Deno.test("openSafetensors: readFloat32 refuses whole numbers, by name and type", async () => {
  const file = await openSafetensors(`${golden}mixed.safetensors`);
  await expect(file.readFloat32("int64")).rejects.toMatchObject({
    name: "TypeError",
    message: `${golden}mixed.safetensors: tensor "int64" holds I64, expected floats`,
  });
});

Deno.test("openSafetensors: a name that is not there suggests the nearest", async () => {
  const file = await openSafetensors(`${golden}mixed.safetensors`);
  const message =
    `${golden}mixed.safetensors: there is no tensor "flaot32"; did you mean "float32"?`;
  expect(() => file.info("flaot32")).toThrow(RangeError);
  expect(() => file.info("flaot32")).toThrow(message);
  await expect(file.read("flaot32")).rejects.toMatchObject({ name: "RangeError", message });
  await expect(file.readFloat32("flaot32")).rejects.toMatchObject({ name: "RangeError", message });
  expect(file.has("flaot32")).toBe(false);
});

Deno.test("openSafetensors: a file cut at any byte is refused as truncated, with both sizes", async () => {
  const whole = await Deno.readFile(await fileWith(one, 8));
  // 8 bytes of length, the header, 8 of data.
  expect(whole.length).toBe(8 + one.length + 8);
  const path = `${folder}/cut.safetensors`;
  for (let size = 0; size < whole.length; size++) {
    await Deno.writeFile(path, whole.subarray(0, size));
    const expected = size < 8 ? 8 : size < 8 + one.length ? 8 + one.length : whole.length;
    await expect(openSafetensors(path)).rejects.toMatchObject({
      name: "SyntaxError",
      message: `${path}: the file is truncated: expected at least ${expected} bytes, found ${size}`,
    });
  }
});

Deno.test("openSafetensors: a file that shrinks after it was opened is refused on reading", async () => {
  const path = await fileWith(one, 8);
  const file = await openSafetensors(path);
  await Deno.truncate(path, 8 + one.length + 3);
  await expect(file.read("a")).rejects.toThrow(
    `expected at least ${8 + one.length + 8} bytes, found ${8 + one.length + 3}`,
  );
});

Deno.test("openSafetensors: a missing file is NotFound, and the message names it", async () => {
  await expect(openSafetensors(`${folder}/none`)).rejects.toThrow(Deno.errors.NotFound);
  await expect(openSafetensors(`${folder}/none`)).rejects.toThrow(`${folder}/none`);
});

const tensor = (dtype: string, shape: string, offsets: string) =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`;

for (
  const [what, header, dataBytes, message] of [
    ["text that is not JSON", `{"a":`, 0, "the header is not JSON"],
    ["a list", `[1]`, 0, "the header is not a JSON object"],
    ["an entry that is no object", `{"a":3}`, 0, `tensor "a" is not described by a JSON object`],
    ["an unknown type", `{"a":${tensor("F12", "[2]", "[0,8]")}}`, 8, `has the type "F12"`],
    ["a negative length", `{"a":${tensor("F32", "[-2]", "[0,8]")}}`, 8, "has the shape [-2]"],
    ["a broken length", `{"a":${tensor("F32", "[0.5]", "[0,2]")}}`, 2, "has the shape [0.5]"],
    ["offsets the wrong way", `{"a":${tensor("U8", "[2]", "[2,0]")}}`, 2, "data_offsets [2,0]"],
    ["one offset", `{"a":${tensor("U8", "[2]", "[2]")}}`, 2, "data_offsets [2]"],
    // 3 x 4 bytes = 12.
    [
      "a shape that does not fit its bytes",
      `{"a":${tensor("F32", "[3]", "[0,8]")}}`,
      8,
      `tensor "a" has 8 bytes, expected 12 for F32 [3]`,
    ],
    [
      "an overlap",
      `{"a":${tensor("U8", "[4]", "[0,4]")},"b":${tensor("U8", "[4]", "[2,6]")}}`,
      6,
      `tensor "b" starts at byte 2 of the data, expected 4: it overlaps`,
    ],
    [
      "a gap",
      `{"a":${tensor("U8", "[4]", "[0,4]")},"b":${tensor("U8", "[4]", "[5,9]")}}`,
      9,
      `tensor "b" starts at byte 5 of the data, expected 4: there is a gap`,
    ],
    // 8 + 54 + 8 bytes expected, one more found.
    ["bytes after the last tensor", one, 9, "expected 70 bytes by its header, found 71"],
    ["metadata that is no object", `{"__metadata__":3}`, 0, `"__metadata__" is not a JSON object`],
    ["metadata that is no text", `{"__metadata__":{"k":3}}`, 0, `metadata "k" is not a string`],
  ] as const
) {
  Deno.test(`openSafetensors: refuses ${what}`, async () => {
    const path = await fileWith(header, dataBytes);
    const error = await openSafetensors(path).then(() => undefined, (error) => error);
    expect(error).toBeInstanceOf(SyntaxError);
    expect(error.message).toMatch(path);
    expect(error.message).toContain(message);
  });
}

Deno.test("openSafetensors: refuses a header longer than the reference implementation reads", async () => {
  // The text "version " (a Git LFS pointer) read as a length is far over 100 MB.
  const path = await fileWith(one, 8, 100_000_001n);
  await expect(openSafetensors(path)).rejects.toThrow(
    `${path}: not a safetensors file: its first 8 bytes give a header of 100000001 bytes, ` +
      "expected at most 100000000",
  );
});

Deno.test("openSafetensors: passes over unknown keys beside a tensor's own", async () => {
  const header = `{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"colour":"red"}}  `;
  const file = await openSafetensors(await fileWith(header, 1));
  expect(await file.read("a")).toEqual(new Uint8Array([0]));
});

const arrays: Record<SafetensorsDtype, fc.Arbitrary<TensorData>> = {
  BOOL: fc.uint8Array({ max: 1 }),
  U8: fc.uint8Array(),
  I8: fc.int8Array(),
  U16: fc.uint16Array(),
  I16: fc.int16Array(),
  F16: fc.uint16Array(),
  BF16: fc.uint16Array(),
  U32: fc.uint32Array(),
  I32: fc.int32Array(),
  F32: fc.float32Array(),
  U64: fc.bigUint64Array(),
  I64: fc.bigInt64Array(),
  F64: fc.float64Array(),
};
const dtypes = Object.keys(tensorDataClasses) as SafetensorsDtype[];
const anyTensor: fc.Arbitrary<TensorToWrite> = fc.constantFrom(...dtypes).chain((dtype) =>
  fc.record({
    name: fc.string({ unit: "binary" }).filter((name) => name !== "__metadata__"),
    dtype: fc.constant(dtype),
    data: arrays[dtype],
    column: fc.boolean(),
  }).map(({ name, dtype, data, column }) => ({
    name,
    dtype,
    data,
    shape: column ? [data.length, 1] : [data.length],
  }))
);

Deno.test("writeSafetensors: what is written is read back, in order, whatever the names", async () => {
  const path = `${folder}/round.safetensors`;
  const tensorLists = fc.uniqueArray(anyTensor, { selector: ({ name }) => name, maxLength: 6 });
  const metadata = fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true });
  await fc.assert(
    fc.asyncProperty(tensorLists, metadata, async (tensors, metadata) => {
      await writeSafetensors(path, tensors, metadata);
      const file = await openSafetensors(path);
      expect(file.metadata).toEqual(metadata);
      expect(new Set(file.names)).toEqual(new Set(tensors.map(({ name }) => name)));
      for (const { name, dtype, shape, data } of tensors) {
        expect(file.info(name)).toEqual({ dtype, shape });
        expect(await file.read(name)).toEqual(data);
      }
      // Tensors without bytes have no place of their own, the others keep the order given.
      const filled = tensors.filter(({ shape }) => shape[0] !== 0).map(({ name }) => name);
      expect(file.names.filter((name) => filled.includes(name))).toEqual(filled);
    }),
    { numRuns: 60, seed: 5 },
  );
});

Deno.test("writeSafetensors: the bytes are those of the format, padded to 8", async () => {
  const path = `${folder}/bytes.safetensors`;
  const data = new Uint8Array([7]);
  await writeSafetensors(path, [{ name: "1", dtype: "U8", shape: [], data }], { by: "me" });
  const json = `{"__metadata__":{"by":"me"},"1":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}`;
  // 79 characters are padded with 1 space to 80 = 0x50.
  expect(json.length).toBe(79);
  const expected = `\x50\0\0\0\0\0\0\0${json} \x07`;
  expect(new TextDecoder().decode(await Deno.readFile(path))).toBe(expected);
});

Deno.test("writeSafetensors: a function is asked for its values when its turn comes", async () => {
  const path = `${folder}/lazy.safetensors`;
  const asked: string[] = [];
  const lazy = (name: string): TensorToWrite => ({
    name,
    dtype: "F32",
    shape: [1],
    data: () => {
      asked.push(name);
      return Promise.resolve(new Float32Array([asked.length]));
    },
  });
  await writeSafetensors(path, [lazy("b"), lazy("a")]);
  expect(asked).toEqual(["b", "a"]);
  const file = await openSafetensors(path);
  expect(file.names).toEqual(["b", "a"]);
  expect(await file.read("a")).toEqual(new Float32Array([2]));
});

Deno.test("writeSafetensors: faults are named, and no file is left", async () => {
  const path = `${folder}/faulty.safetensors`;
  const good: TensorToWrite = {
    name: "a",
    dtype: "F32",
    shape: [2],
    data: new Float32Array(2),
  };
  const attempt = (...tensors: TensorToWrite[]) => expect(writeSafetensors(path, tensors)).rejects;
  await attempt(good, good).toMatchObject({
    name: "RangeError",
    message: `${path}: tensor "a" is given twice`,
  });
  await attempt({ ...good, name: "__metadata__" }).toThrow(RangeError);
  await attempt({ ...good, shape: [1.5] }).toMatchObject({
    name: "RangeError",
    message: `${path}: tensor "a" has the shape [1.5], expected whole numbers`,
  });
  await attempt({ ...good, shape: [3] }).toMatchObject({
    name: "TypeError",
    message: `${path}: tensor "a" of shape [3] needs 3 values, found 2`,
  });
  await attempt({ ...good, dtype: "F16" }).toMatchObject({
    name: "TypeError",
    message: `${path}: tensor "a" of F16 needs a Uint16Array, found a Float32Array`,
  });
  await attempt(good, { ...good, name: "late", data: () => new Float32Array(1) }).toMatchObject({
    name: "TypeError",
    message: `${path}: tensor "late" of shape [2] needs 2 values, found 1`,
  });
  for await (const entry of Deno.readDir(folder)) expect(entry.name).not.toMatch(/^faulty/);
});

async function sharded(index: string): Promise<string> {
  const home = await Deno.makeTempDir({ dir: folder });
  const values = (n: number) => new Float32Array([n]);
  await writeSafetensors(`${home}/1.safetensors`, [
    { name: "a", dtype: "F32", shape: [1], data: values(1) },
    { name: "c", dtype: "F32", shape: [1], data: values(3) },
  ], { format: "pt" });
  await writeSafetensors(`${home}/2.safetensors`, [
    { name: "b", dtype: "F32", shape: [1], data: values(2) },
  ]);
  await Deno.writeTextFile(`${home}/model.safetensors.index.json`, index);
  return `${home}/model.safetensors.index.json`;
}

const map = (more: Record<string, string>) =>
  JSON.stringify({
    metadata: { total_size: 12 },
    weight_map: { a: "1.safetensors", b: "2.safetensors", ...more },
  });

Deno.test("openCheckpoint: an index gives the tensors of all its files", async () => {
  const file = await openCheckpoint(await sharded(map({ c: "1.safetensors" })));
  expect(file.names).toEqual(["a", "b", "c"]);
  expect(file.metadata).toEqual({ format: "pt" });
  expect(await file.read("b")).toEqual(new Float32Array([2]));
  expect(await file.readFloat32("c")).toEqual(new Float32Array([3]));
  expect(file.info("a")).toEqual({ dtype: "F32", shape: [1] });
  expect(() => file.info("d")).toThrow(RangeError);
});

Deno.test("openCheckpoint: a path that is no index is one file", async () => {
  expect((await openCheckpoint(`${golden}mixed.safetensors`)).names.length).toBe(10);
});

Deno.test("openCheckpoint: an index that does not fit its files is refused", async () => {
  const attempt = async (index: string) => expect(openCheckpoint(await sharded(index))).rejects;
  await (await attempt("{")).toThrow("index.json: expected JSON");
  await (await attempt("{}")).toThrow(`expected a "weight_map"`);
  await (await attempt(map({ c: "3.safetensors" }))).toThrow(
    "index.json: expected 3.safetensors beside it, found no such file",
  );
  await (await attempt(map({ c: "2.safetensors" }))).toThrow(
    `index.json: expected tensor "c" in 2.safetensors, found none there`,
  );
  await (await attempt(map({ c: "../1.safetensors" }))).toThrow(
    `expected the name of a file beside it, found "../1.safetensors"`,
  );
});
