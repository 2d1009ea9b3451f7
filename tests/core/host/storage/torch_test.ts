import { openCheckpoint } from "../../../../core/host/storage/checkpoint.ts";
import type { TensorFile } from "../../../../core/host/storage/tensor_file.ts";
import { expect } from "expect";
import fc from "fast-check";
import { findStateDict } from "../../../../core/host/storage/state_dict.ts";
import { unpickle } from "../../../../core/host/storage/pickle.ts";
import {
  floats,
  type TensorView,
  torchArchive,
  zipArchive,
} from "../../../helpers/torch_writer.ts";

// Written by PyTorch: tests/golden/torch/README.md.
const golden = new URL("../../../golden/torch/", import.meta.url).pathname;
const folder = await Deno.makeTempDir();
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

let files = 0;
async function fileOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const path = `${folder}/${files++}.pt`;
  await Deno.writeFile(path, bytes);
  return path;
}

async function contents(file: TensorFile): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const name of file.names) found[name] = [file.info(name).shape, await file.read(name)];
  return found;
}

// The values that the script in the README gave to PyTorch.
const mixed = {
  float32: [[2, 3], Float32Array.of(0, 1, 2, 3, 4, 5)],
  transposed: [[3, 2], Float32Array.of(0, 3, 1, 4, 2, 5)],
  column: [[2], Float32Array.of(1, 4)],
  expanded: [[3], Float32Array.of(7, 7, 7)],
  float64: [[4], Float64Array.of(1.5, -2.25, 1e300, 0.1)],
  float16: [[3], Uint16Array.of(0x3800, 0xc000, 0x7bff)],
  // The upper halves of 0x3f800000, 0xbec00000 and 0x40400000.
  bfloat16: [[3], Uint16Array.of(0x3f80, 0xbec0, 0x4040)],
  int64: [[2], BigInt64Array.of(9007199254740993n, -1n)],
  int32: [[2], Int32Array.of(7, -8)],
  int16: [[1], Int16Array.of(-300)],
  int8: [[1], Int8Array.of(-3)],
  uint8: [[3], Uint8Array.of(0, 255, 3)],
  bool: [[3], Uint8Array.of(1, 0, 1)],
  scalar: [[], Float32Array.of(2.5)],
  empty: [[0, 3], new Float32Array(0)],
  parameter: [[2], Float32Array.of(1, 2)],
};

Deno.test("openCheckpoint: reads every type and view that torch.save writes", async () => {
  const file = await openCheckpoint(`${golden}mixed.pt`);
  expect(await contents(file)).toEqual({ ...mixed, uint16: [[2], Uint16Array.of(65535, 1)] });
  expect(file.names.slice(0, 3)).toEqual(["float32", "transposed", "column"]);
  expect(file.info("bfloat16")).toEqual({ dtype: "BF16", shape: [3] });
  expect(await file.readFloat32("bfloat16")).toEqual(Float32Array.of(1, -0.375, 3));
  expect(await file.readFloat32("float16")).toEqual(Float32Array.of(0.5, -2, 65504));
  await expect(file.readFloat32("int64")).rejects.toThrow(
    `${golden}mixed.pt: tensor "int64" holds I64, expected floats`,
  );
  expect(() => file.info("flaot32")).toThrow('did you mean "float32"?');
});

Deno.test("openCheckpoint: reads the form from before PyTorch 1.6", async () => {
  expect(await contents(await openCheckpoint(`${golden}mixed_legacy.pt`))).toEqual(mixed);
});

Deno.test("openCheckpoint: a file's name does not matter, a shard's neither", async () => {
  await Deno.copyFile(`${golden}mixed.pt`, `${folder}/pytorch_model.bin`);
  await Deno.copyFile(`${golden}mixed_legacy.pt`, `${folder}/model.safetensors`);
  expect((await openCheckpoint(`${folder}/pytorch_model.bin`)).names.length).toBe(17);
  expect((await openCheckpoint(`${folder}/model.safetensors`)).names.length).toBe(16);
  const index = `${folder}/pytorch_model.bin.index.json`;
  const weightMap = { uint16: "pytorch_model.bin", scalar: "model.safetensors" };
  await Deno.writeTextFile(index, JSON.stringify({ weight_map: weightMap }));
  expect(await contents(await openCheckpoint(index))).toEqual({
    uint16: [[2], Uint16Array.of(65535, 1)],
    scalar: mixed.scalar,
  });
});

Deno.test("openCheckpoint: reads later pickle protocols, and the other byte order", async () => {
  expect(await contents(await openCheckpoint(`${golden}protocol5.pt`)))
    .toEqual({ a: [[2], Float32Array.of(1, 2)] });
  expect(await contents(await openCheckpoint(`${golden}big_endian.pt`))).toEqual({
    short: [[2], Int16Array.of(1, -2)],
    float: [[2], Float32Array.of(1, -2.5)],
  });
});

Deno.test("openCheckpoint: finds the state_dict of a training program, without its prefix", async () => {
  const file = await openCheckpoint(`${golden}training.pt`);
  // module.weight and module.bias; the optimiser's tensors are none of the model's.
  expect(await contents(file)).toEqual({
    weight: [[1, 2], Float32Array.of(1, 2)],
    bias: [[1], Float32Array.of(3)],
  });
  expect(file.metadata).toEqual({ epoch: "3", name: "run-ViT-B-32-quickgelu" });
});

Deno.test("openCheckpoint: a tensor beside the state_dict is none of the model's", async () => {
  const tensors = {
    weight: [[1, 2], Float32Array.of(1, 2)],
    bias: [[1], Float32Array.of(3)],
  };
  const file = await openCheckpoint(`${golden}best_accuracy.pt`);
  expect(await contents(file)).toEqual(tensors);
  expect(file.metadata).toEqual({ epoch: "5", arch: "ViT-B-32" });
  const nested = await openCheckpoint(`${golden}nested.pt`);
  expect(await contents(nested)).toEqual(tensors);
  expect(nested.metadata).toEqual({ epoch: "5", step: "7" });
});

Deno.test("findStateDict: a dictionary that holds itself without tensors is refused", () => {
  const endless = new Map<string, unknown>();
  for (const name of ["state_dict", "model_state_dict", "model"]) endless.set(name, endless);
  expect(() => findStateDict(endless)).toThrow(SyntaxError);
});

Deno.test("openCheckpoint: a prefix that one name lacks is no prefix", async () => {
  const tensors = {
    "module.a": floats([1], Float32Array.of(1)),
    b: floats([1], Float32Array.of(2)),
  };
  expect((await openCheckpoint(await fileOf(torchArchive(tensors)))).names)
    .toEqual(["module.a", "b"]);
});

Deno.test("openCheckpoint: reads the tensors of a TorchScript archive, and names its classes", async () => {
  const file = await openCheckpoint(`${golden}script.pt`);
  expect([...file.names].sort())
    .toEqual(["context_length", "logit_scale", "visual.0.bias", "visual.0.weight"]);
  expect(file.info("visual.0.weight")).toEqual({ dtype: "F16", shape: [1, 2] });
  expect(await file.readFloat32("visual.0.weight")).toEqual(Float32Array.of(1, 2));
  expect(await file.read("context_length")).toEqual(BigInt64Array.of(77n));
  expect(file.metadata["torchscript.classes"]!.split(" ")).toContain("__torch__.QuickGELU");
});

Deno.test("openCheckpoint: a file that asks for code is refused by name", async () => {
  for (const name of ["command.pt", "command_legacy.pt"]) {
    const path = `${golden}${name}`;
    const error = await openCheckpoint(path).catch((error) => error);
    expect(error).toBeInstanceOf(SyntaxError);
    expect(error.message).toMatch(/it asks for (posix|nt)\.system, which is refused/);
    expect(error.message).toContain(path);
  }
  // A whole module: its class would have to be imported.
  await expect(openCheckpoint(`${golden}module.pt`)).rejects.toThrow(
    "it asks for torch.nn.modules.linear.Linear, which is refused (nothing was run)",
  );
});

const bytesOf = (text: string) => Uint8Array.from([...text].map((each) => each.charCodeAt(0)));
const pickled = (text: string) => fileOf(zipArchive([["x/data.pkl", bytesOf(text)]], false));

for (
  const [what, pickle, message] of [
    ["eval", "\x80\x02c__builtin__\neval\n(X\x01\x00\x00\x001tR.", "it asks for __builtin__.eval"],
    ["a name from the stack", "\x80\x04\x8c\x02os\x8c\x06system\x93.", "it asks for os.system"],
    ["the prototype chain", "\x80\x02cconstructor\nconstructor\n.", "it asks for constructor.con"],
    ["an extension", "\x80\x02\x82\x01.", 'the instruction "\x82"'],
    ["INST of protocol 0", "(ios\nsystem\n.", 'the instruction "i"'],
    ["OBJ", "\x80\x02(ctorch\nSize\no.", 'the instruction "o"'],
    ["a buffer outside the pickle", "\x80\x05\x97.", 'the instruction "\x97"'],
    ["a call of a number", "\x80\x02K\x01)R.", "a call of what is no class or function"],
    ["a call of a type", "\x80\x02ctorch\nFloatStorage\n)R.", "a call of torch.FloatStorage"],
    ["a state for a list", "\x80\x02]}b.", "a state for what can take none"],
    ["an empty stack", "\x80\x020.", "the stack is empty"],
    ["a missing mark", "\x80\x02t.", "there is no mark"],
    ["an empty memo", "\x80\x02h\x00.", "nothing was remembered under 0"],
    ["protocol 9", "\x80\x09.", "protocol 9, expected 2 to 5"],
    ["an endless number", "\x80\x02\x8b\x00\x10\x00\x00.", "a whole number of 4096 bytes"],
    ["a name that is a list", "\x80\x04]\x8c\x06system\x93.", "a name that is no text"],
    ["a list", "\x80\x02].", "expected a dictionary of tensors, found something else"],
    [
      "no tensors",
      "\x80\x02}X\x01\x00\x00\x00aK\x01s.",
      'state_dict, model_state_dict, model, or of averaged ones under ema, model_ema; found "a"',
    ],
    ["an id of something else", "\x80\x02X\x01\x00\x00\x00aQ.", "no list where a list is due"],
  ] as const
) {
  Deno.test(`openCheckpoint: refuses a pickle with ${what}`, async () => {
    const error = await openCheckpoint(await pickled(pickle)).catch((error) => error);
    expect(error).toBeInstanceOf(SyntaxError);
    expect(error.message).toContain(message);
  });
}

Deno.test("unpickle: knows what Python writes for plain values", () => {
  const world = { global: () => undefined, persistent: (id: unknown) => id };
  // pickle.dumps([None, True, -7, 300, 70000, 2**70, 0.5, "é", b"\1", {1: (2,)}, {3}], 4) of Python.
  const python = "80049540000000000000005d94284e884af9ffffff4d2c014a701101008a0900000000000000" +
    "0040473fe00000000000008c02c3a994430101947d944b014b028594738f94284b0390652e";
  const bytes = Uint8Array.fromHex(python);
  expect(unpickle(bytes, 0, world)).toEqual({
    value: [
      null,
      true,
      -7,
      300,
      70000,
      2n ** 70n,
      0.5,
      "é",
      Uint8Array.of(1),
      new Map([[1, [2]]]),
      new Set([3]),
    ],
    end: bytes.length,
  });
});

Deno.test("openCheckpoint: ZIP64 records are read, and tensors by their place", async () => {
  const storage = new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer);
  const view = { type: "Float", storage, elements: 6 };
  const tensors = {
    whole: { ...view, offset: 0, shape: [2, 3], strides: [3, 1] },
    // Elements 4 and 5 of the storage, from its second row.
    tail: { ...view, offset: 4, shape: [2], strides: [1] },
  };
  const file = await openCheckpoint(await fileOf(torchArchive(tensors, { zip64: true })));
  expect(await contents(file)).toEqual({
    whole: [[2, 3], Float32Array.of(1, 2, 3, 4, 5, 6)],
    tail: [[2], Float32Array.of(5, 6)],
  });
});

Deno.test("openCheckpoint: a tensor outside its storage is refused by name", async () => {
  const storage = new Uint8Array(8);
  const view = { type: "Float", storage, elements: 2, offset: 1, shape: [2], strides: [1] };
  // Elements 1 and 2 end at byte 12.
  await expect(openCheckpoint(await fileOf(torchArchive({ a: view })))).rejects.toThrow(
    'tensor "a" reaches to byte 12 of its storage, which has 8',
  );
});

Deno.test("openCheckpoint: a tensor that repeats few values without end is refused by name", async () => {
  const storage = new Uint8Array(4);
  const view = { type: "Float", storage, elements: 1, offset: 0 };
  // As `expand` makes them: 2^30 values, all of them the first.
  const huge = { ...view, shape: [2 ** 15, 2 ** 15], strides: [0, 0] };
  await expect(openCheckpoint(await fileOf(torchArchive({ a: huge })))).rejects.toThrow(
    'tensor "a" has 1073741824 values on 1 places of its storage',
  );
  const small = { ...view, shape: [2, 3], strides: [0, 0] };
  const file = await openCheckpoint(await fileOf(torchArchive({ a: small })));
  expect(await file.readFloat32("a")).toEqual(new Float32Array(6));
});

Deno.test("openCheckpoint: files cut at any byte are refused, never half read", async () => {
  for (const name of ["training.pt", "mixed_legacy.pt", "script.pt"]) {
    const whole = await Deno.readFile(`${golden}${name}`);
    const path = `${folder}/cut-${name}`;
    const sizes = [...Array.from({ length: 16 }, (_, i) => i), whole.length - 1];
    for (let size = 16; size < whole.length; size += 61) sizes.push(size);
    for (const size of sizes) {
      await Deno.writeFile(path, whole.slice(0, size));
      const error = await openCheckpoint(path).catch((error) => error);
      expect({ name, size, refused: error instanceof SyntaxError })
        .toEqual({ name, size, refused: true });
      expect(error.message).toContain(path);
    }
  }
});

Deno.test("openCheckpoint: what people get in place of weights is named", async () => {
  const refusal = async (text: string) =>
    await openCheckpoint(await fileOf(bytesOf(text))).catch((error) => error.message);
  expect(await refusal("version https://git-lfs.github.com/spec/v1\noid sha256:0")).toContain(
    "found a pointer of Git LFS, not the file it stands for",
  );
  expect(await refusal("<!DOCTYPE html><html></html>")).toContain("found a web page");
  expect(await refusal("\x80\x02K\x01.")).toContain("not one that torch.save has written");
  const empty = await fileOf(zipArchive([["a.txt", bytesOf("a")]], false));
  await expect(openCheckpoint(empty)).rejects.toThrow(
    "expected an archive with data.pkl, as torch.save writes, found one with a.txt",
  );
});

Deno.test("openCheckpoint: any views of any storage read as their definition says", async () => {
  const view = fc.record({
    shape: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
    strides: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 3, maxLength: 3 }),
    offset: fc.integer({ min: 0, max: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(view, { minLength: 1, maxLength: 4 }), async (views) => {
      // Long enough for the furthest place: 5 + 3 · (3 · 5).
      const values = Int16Array.from({ length: 51 }, (_, i) => 7 * i - 100);
      const storage = new Uint8Array(values.buffer);
      const tensors: Record<string, TensorView> = {};
      views.forEach(({ shape, strides, offset }, i) => {
        const used = strides.slice(0, shape.length);
        tensors[`t${i}`] = { type: "Short", storage, elements: 51, offset, shape, strides: used };
      });
      const file = await openCheckpoint(await fileOf(torchArchive(tensors)));
      for (const [name, { shape, strides, offset }] of Object.entries(tensors)) {
        const expected = places(shape).map((place) =>
          values[offset + place.reduce((sum, index, axis) => sum + index * strides[axis]!, 0)]!
        );
        expect(await file.read(name)).toEqual(Int16Array.from(expected));
      }
    }),
    { numRuns: 60 },
  );
});

/** All places of a shape, in row-major order. */
function places(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (found, length) =>
      found.flatMap((place) => Array.from({ length }, (_, index) => [...place, index])),
    [[]],
  );
}

Deno.test("openCheckpoint: damaged bytes give a refusal or tensors, nothing else", async () => {
  const originals = await Promise.all(
    ["mixed.pt", "mixed_legacy.pt", "script.pt", "training.pt"].map((name) =>
      Deno.readFile(`${golden}${name}`)
    ),
  );
  const path = `${folder}/damaged.pt`;
  const damage = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), {
    minLength: 1,
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 3 }), damage, async (which, changes) => {
      const bytes = originals[which]!.slice();
      for (const [where, value] of changes) {
        bytes[Math.min(bytes.length - 1, Math.floor(where * bytes.length))] = value;
      }
      await Deno.writeFile(path, bytes);
      const error = await openCheckpoint(path).then(() => undefined, (error) => error);
      if (error !== undefined) expect(error).toBeInstanceOf(SyntaxError);
    }),
    { numRuns: 400 },
  );
});
