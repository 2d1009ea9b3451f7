import { expect } from "expect";
import { createAssets } from "../../../core/host/assets/create_assets.ts";
import {
  bfloat16ToFloat32,
  float16ToFloat32,
  float32ToBfloat16,
  float32ToFloat16,
} from "../../../core/host/storage/half_precision.ts";
import { openCheckpoint } from "../../../core/host/storage/checkpoint.ts";
import {
  type TensorToWrite,
  writeSafetensors,
} from "../../../core/host/storage/safetensors_writer.ts";
import { interpolateCheckpoints } from "../../../plugins/patching/interpolate_checkpoints.ts";
import type { PatchedDtype } from "../../../plugins/patching/float_dtype.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const ids = BigInt64Array.of(0n, 1n, 2n);

/** One tensor of each kind, its floats being `value` and its double. */
function tensors(value: number): TensorToWrite[] {
  const values = Float32Array.of(value, 2 * value);
  return [
    { name: "text.half", dtype: "F16", shape: [2, 1], data: float32ToFloat16(values) },
    { name: "a.brain", dtype: "BF16", shape: [2], data: float32ToBfloat16(values) },
    { name: "position_ids", dtype: "I64", shape: [1, 3], data: ids },
    { name: "single", dtype: "F32", shape: [1, 2], data: values },
    { name: "logit_scale", dtype: "F32", shape: [], data: Float32Array.of(value) },
  ];
}

function withAssets(
  work: (
    folder: string,
    patch: (
      before: string,
      after: string,
      alpha: number,
      out?: string,
      dtype?: PatchedDtype,
    ) => Promise<string>,
  ) => Promise<void>,
): () => Promise<void> {
  return () =>
    withFolder(async (folder) => {
      const assets = createAssets({ cache: `${folder}/.cache`, offline: true });
      await work(folder, async (before, after, alpha, out = "out", dtype) => {
        const [from, to] = [`${folder}/${before}`, `${folder}/${after}`];
        const place = `${folder}/${out}`;
        return (await interpolateCheckpoints(from, to, alpha, place, assets, dtype)).path;
      });
    });
}

function filesOf(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).toSorted();
}

Deno.test(
  "interpolateCheckpoints: keeps types, shapes, order and metadata, and interpolates every float",
  withAssets(async (folder, patch) => {
    await writeSafetensors(`${folder}/before.safetensors`, tensors(1), { format: "pt", from: "a" });
    // In another order, which is kept.
    const after = tensors(5).toReversed();
    await writeSafetensors(`${folder}/after.safetensors`, after, { format: "np", epoch: "3" });
    const path = await patch("before.safetensors", "after.safetensors", 0.25);
    expect(path).toBe(`${folder}/out/after.safetensors`);
    const found = await openCheckpoint(path);
    expect(found.metadata).toEqual({ format: "np", epoch: "3" });
    expect(found.names).toEqual(after.map(({ name }) => name));
    for (const { name, dtype, shape } of after) {
      expect([name, found.info(name)]).toEqual([name, { dtype, shape }]);
    }
    // 0.75·1 + 0.25·5 = 2, and its double.
    const bits = async (name: string) => await found.read(name) as Uint16Array<ArrayBuffer>;
    expect([...float16ToFloat32(await bits("text.half"))]).toEqual([2, 4]);
    expect([...bfloat16ToFloat32(await bits("a.brain"))]).toEqual([2, 4]);
    expect(await found.read("single")).toEqual(Float32Array.of(2, 4));
    expect(await found.read("logit_scale")).toEqual(Float32Array.of(2));
    expect(await found.read("position_ids")).toEqual(ids);
  }),
);

Deno.test(
  "interpolateCheckpoints: α = 0 and α = 1 give the bytes of the two sides",
  withAssets(async (folder, patch) => {
    for (const [name, value] of [["before", 0.1], ["after", 0.3]] as const) {
      await writeSafetensors(`${folder}/${name}.safetensors`, tensors(value), { format: "pt" });
    }
    for (const [alpha, side] of [[0, "before"], [1, "after"]] as const) {
      const path = await patch("before.safetensors", "after.safetensors", alpha, `out${alpha}`);
      expect(await Deno.readFile(path)).toEqual(
        await Deno.readFile(`${folder}/${side}.safetensors`),
      );
    }
  }),
);

Deno.test(
  "interpolateCheckpoints: a fine-tune in float32 is patched into the types of its base",
  withAssets(async (folder, patch) => {
    await writeSafetensors(`${folder}/base.safetensors`, tensors(1));
    const trained = tensors(5).map((tensor): TensorToWrite =>
      tensor.dtype.endsWith("F16")
        ? { ...tensor, dtype: "F32", data: Float32Array.of(5, 10) }
        : tensor
    );
    await writeSafetensors(`${folder}/trained.safetensors`, trained);
    const floats = tensors(1).filter(({ dtype }) => dtype !== "I64");
    // 0.75·1 + 0.25·5 = 2; the ends are the two sides, which all types can hold.
    for (const [alpha, value] of [[0.25, 2], [0, 1], [1, 5]] as const) {
      for (const dtype of ["pretrained", "float32"] as const) {
        const out = `${dtype}-${alpha}`;
        const path = await patch("base.safetensors", "trained.safetensors", alpha, out, dtype);
        const found = await openCheckpoint(path);
        for (const { name, dtype: was } of floats) {
          expect([name, found.info(name).dtype])
            .toEqual([name, dtype === "pretrained" ? was : "F32"]);
          expect((await found.readFloat32(name))[0]).toBe(value);
        }
        expect(await found.read("position_ids")).toEqual(ids);
      }
    }
    // The other way round the base is in float32, and so is what comes of it.
    const path = await patch("trained.safetensors", "base.safetensors", 0.75, "back");
    expect((await openCheckpoint(path)).info("text.half").dtype).toBe("F32");
  }),
);

Deno.test(
  "interpolateCheckpoints: takes model folders, and puts several files and their configuration into one",
  withAssets(async (folder, patch) => {
    const [first, second] = [tensors(1).slice(0, 2), tensors(1).slice(2)];
    await Deno.mkdir(`${folder}/sharded`);
    const shards = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
    await writeSafetensors(`${folder}/sharded/${shards[0]}`, first, { format: "pt" });
    await writeSafetensors(`${folder}/sharded/${shards[1]}`, second, { format: "pt" });
    const weightMap = Object.fromEntries([
      ...first.map(({ name }) => [name, shards[0]]),
      ...second.map(({ name }) => [name, shards[1]]),
    ]);
    await Deno.writeTextFile(
      `${folder}/sharded/model.safetensors.index.json`,
      JSON.stringify({ weight_map: weightMap }),
    );
    await Deno.writeTextFile(`${folder}/sharded/config.json`, "{}");
    await Deno.mkdir(`${folder}/plain`);
    await writeSafetensors(`${folder}/plain/open_clip_model.safetensors`, tensors(3));
    await Deno.writeTextFile(`${folder}/plain/open_clip_config.json`, '{"model_cfg":{}}');
    await Deno.writeTextFile(`${folder}/plain/README.md`, "scores of another model");

    // 0.5·1 + 0.5·3 = 2 both ways; file name, metadata and companions come from the fine-tune.
    const one = await patch("plain", "sharded", 0.5, "one");
    expect(one).toBe(`${folder}/one/model.safetensors`);
    expect(filesOf(`${folder}/one`)).toEqual(["config.json", "model.safetensors"]);
    const other = await patch("sharded", "plain", 0.5, "other");
    expect(other).toBe(`${folder}/other/open_clip_model.safetensors`);
    expect(filesOf(`${folder}/other`)).toEqual([
      "open_clip_config.json",
      "open_clip_model.safetensors",
    ]);
    expect(await Deno.readTextFile(`${folder}/other/open_clip_config.json`))
      .toBe('{"model_cfg":{}}');
    for (const path of [one, other]) {
      const file = await openCheckpoint(path);
      expect(file.names.toSorted()).toEqual(tensors(0).map(({ name }) => name).toSorted());
      expect(file.metadata).toEqual({ format: "pt" });
      expect(await file.readFloat32("single")).toEqual(Float32Array.of(2, 4));
    }
  }),
);

Deno.test(
  "interpolateCheckpoints: a checkpoint of PyTorch becomes safetensors",
  withAssets(async (folder, patch) => {
    const golden = new URL("../../golden/torch/mixed.pt", import.meta.url).pathname;
    for (const name of ["epoch_3.pt", "pytorch_model.bin"]) {
      await Deno.copyFile(golden, `${folder}/${name}`);
    }
    // Equal values on both sides stay as they are.
    const path = await patch("epoch_3.pt", "pytorch_model.bin", 0.5);
    expect(path).toBe(`${folder}/out/model.safetensors`);
    expect(await patch("pytorch_model.bin", "epoch_3.pt", 0.5, "other"))
      .toBe(`${folder}/other/epoch_3.safetensors`);
    const [found, expected] = [await openCheckpoint(path), await openCheckpoint(golden)];
    expect(found.names).toEqual(expected.names);
    for (const name of expected.names) {
      expect(found.info(name)).toEqual(expected.info(name));
      expect(await found.read(name)).toEqual(await expected.read(name));
    }
  }),
);

Deno.test(
  "interpolateCheckpoints: lists the tensors that differ",
  withAssets(async (folder, patch) => {
    const float = (name: string, shape: number[]): TensorToWrite => {
      const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
      return { name, dtype: "F32", shape, data };
    };
    const many = Array.from({ length: 102 }, (_, i) => float(`extra.${i}`, []));
    await writeSafetensors(`${folder}/a.safetensors`, [
      float("shared", [2]),
      float("wide", [2, 3]),
      { name: "half", dtype: "F16", shape: [1], data: Uint16Array.of(0) },
      { name: "ids", dtype: "I32", shape: [1], data: Int32Array.of(0) },
      { name: "mask", dtype: "F16", shape: [1], data: Uint16Array.of(0) },
      ...many,
    ]);
    await writeSafetensors(`${folder}/b.safetensors`, [
      float("shared", [2]),
      float("wide", [3, 2]),
      float("half", [1]),
      { name: "ids", dtype: "I64", shape: [1], data: BigInt64Array.of(0n) },
      { name: "mask", dtype: "BOOL", shape: [1], data: Uint8Array.of(0) },
      float("new", []),
    ]);
    await expect(patch("a.safetensors", "b.safetensors", 0.5)).rejects.toThrow(
      new TypeError([
        `${folder}/a.safetensors and ${folder}/b.safetensors: expected weights of one ` +
        "architecture, found tensors",
        `only in ${folder}/a.safetensors: ` +
        `${many.slice(0, 100).map(({ name }) => name).join(", ")} and 2 more`,
        `only in ${folder}/b.safetensors: new`,
        // Not "half": floats of any type fit each other.
        "of another type or shape: wide (F32 [2, 3] and F32 [3, 2]), " +
        "ids (I32 [1] and I64 [1]), mask (F16 [1] and BOOL [1])",
      ].join("\n")),
    );
    expect(filesOf(folder)).not.toContain("out");
  }),
);

Deno.test(
  "interpolateCheckpoints: refuses integers that differ, and leaves nothing half written",
  withAssets(async (folder, patch) => {
    const other = tensors(1).map((tensor) =>
      tensor.name === "position_ids" ? { ...tensor, data: BigInt64Array.of(0n, 1n, 3n) } : tensor
    );
    await writeSafetensors(`${folder}/a.safetensors`, tensors(1));
    await writeSafetensors(`${folder}/b.safetensors`, other);
    await expect(patch("a.safetensors", "b.safetensors", 0.5)).rejects.toThrow(
      new RangeError(
        `${folder}/b.safetensors: expected "position_ids" (I64) as in ${folder}/a.safetensors, ` +
          "found other values; there is nothing between integers",
      ),
    );
    expect(filesOf(`${folder}/out`)).toEqual([]);
  }),
);

Deno.test(
  "interpolateCheckpoints: refuses an α out of range, a folder without weights, and to overwrite",
  withAssets(async (folder, patch) => {
    await writeSafetensors(`${folder}/a.safetensors`, tensors(1));
    await Deno.mkdir(`${folder}/empty`);
    await expect(patch("a.safetensors", "a.safetensors", 1.5)).rejects
      .toThrow("alpha: expected a number from 0 to 1, found 1.5");
    await expect(patch("a.safetensors", "empty", 0.5)).rejects
      .toThrow(`${folder}/empty: expected weights (.safetensors, .pt, .bin), or a folder or`);
    await expect(patch("a.safetensors", "missing.safetensors", 0.5)).rejects
      .toThrow("missing.safetensors");
    await expect(patch("a.safetensors", "a.safetensors", 0.5, ".")).rejects
      .toThrow(`${folder}/.: expected another folder than those of the two checkpoints`);
    expect(filesOf(folder)).toEqual(["a.safetensors", "empty"]);
  }),
);

Deno.test(
  "interpolateCheckpoints: what is no number is refused by file, tensor and place, at every α",
  withAssets(async (folder, patch) => {
    const of = async (name: string, value: number) => {
      const half = float32ToFloat16(Float32Array.of(1, value));
      const data = Float32Array.of(0, 1, value);
      await writeSafetensors(`${folder}/${name}.safetensors`, [
        { name: "half", dtype: "F16", shape: [2], data: half },
        { name: "single", dtype: "F32", shape: [3], data },
      ]);
      return `${name}.safetensors`;
    };
    const [good, nan, infinite] = [
      await of("good", 2),
      await of("nan", NaN),
      await of("inf", -Infinity),
    ];
    for (const alpha of [0, 0.5, 1]) {
      for (const [before, after] of [[good, nan], [nan, good]] as const) {
        await expect(patch(before, after, alpha)).rejects.toThrow(
          new RangeError(
            `${folder}/nan.safetensors: "half" holds NaN at place 1, expected finite values`,
          ),
        );
      }
    }
    await expect(patch(good, infinite, 0.5)).rejects.toThrow(
      'α = 0.5: "half" holds -Infinity at place 1, expected finite values',
    );
    // A mask of attention, which both sides have, is what it was.
    const masked = await openCheckpoint(await patch(infinite, infinite, 0.5, "masked"));
    expect([...await masked.readFloat32("single")]).toEqual([0, 1, -Infinity]);
  }),
);

Deno.test(
  "interpolateCheckpoints: a value that half precision cannot hold is refused, float32 holds it",
  withAssets(async (folder, patch) => {
    const half = float32ToFloat16(Float32Array.of(60_000));
    await writeSafetensors(`${folder}/before.safetensors`, [
      { name: "w", dtype: "F16", shape: [1], data: half },
    ]);
    await writeSafetensors(`${folder}/after.safetensors`, [
      { name: "w", dtype: "F32", shape: [1], data: Float32Array.of(80_000) },
    ]);
    // 70,000 lies above 65,504, the largest of float16.
    const files = ["before.safetensors", "after.safetensors"] as const;
    await expect(patch(...files, 0.5)).rejects.toThrow(
      'α = 0.5: "w" holds Infinity at place 0, expected finite values; F16 ends before it, dtype ' +
        "float32 does not",
    );
    const found = await openCheckpoint(await patch(...files, 0.5, "single", "float32"));
    expect([...await found.readFloat32("w")]).toEqual([float16ToFloat32(half)[0]! / 2 + 40_000]);
  }),
);
