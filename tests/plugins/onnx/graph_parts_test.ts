import { expect } from "expect";
import { create } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  ValueInfoProtoSchema,
} from "../../../core/graph/onnx_pb.ts";
import { createAssets } from "../../../core/host/assets/create_assets.ts";
import { add } from "../../../core/graph/elementwise.ts";
import { constant, input } from "../../../core/graph/node.ts";
import type { Tensor } from "../../../core/graph/tensor.ts";
import { inParts } from "../../../plugins/onnx/fixed_batch.ts";
import { graphInputs } from "../../../plugins/onnx/graph_inputs.ts";
import { embeddingOutput } from "../../../plugins/onnx/graph_outputs.ts";
import { graphParameters } from "../../../plugins/onnx/graph_parameters.ts";
import { readGraphValues, writeGraph } from "../../../plugins/onnx/graph_values.ts";
import { imageGraph, pictureSide } from "../../../plugins/onnx/image_graph.ts";
import { locateGraphs } from "../../../plugins/onnx/locate_graphs.ts";
import { logitScaleOf } from "../../../plugins/onnx/logit_scale.ts";
import { type OnnxFile, openOnnxFile } from "../../../plugins/onnx/onnx_file.ts";
import { onnxOptionsSchema } from "../../../plugins/onnx/onnx_options.ts";
import { pooled } from "../../../plugins/onnx/pooled.ts";
import { findPreprocessing } from "../../../plugins/onnx/preprocessing.ts";
import { foldersOf } from "../../../plugins/onnx/text_files.ts";
import { textGraph, textInputs } from "../../../plugins/onnx/text_graph.ts";
import { freeValues, towerFile } from "../../../plugins/onnx/tower_file.ts";
import { towerOutput } from "../../../plugins/onnx/tower_output.ts";
import { writeOnnxFolder } from "../../../plugins/onnx/write_folder.ts";
import { evaluateGraph } from "../../helpers/evaluate_graph.ts";
import { initializer, onnxBytes } from "../../helpers/onnx_model.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const assets = createAssets({ cache: ".", offline: true });

async function withModel(
  model: Parameters<typeof onnxBytes>[0],
  work: (file: OnnxFile, folder: string) => Promise<void> | void,
): Promise<void> {
  await withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a.onnx`, onnxBytes(model));
    await work(await openOnnxFile(`${folder}/a.onnx`, assets), folder);
  });
}

/** Token ids that a table and a projection make embeddings of. */
const texts: Parameters<typeof onnxBytes>[0] = {
  nodes: [
    ["Gather", ["table", "input_ids"], ["rows"]],
    ["Mul", ["rows", "half"], ["halved"]],
    ["Add", ["halved", "mask"], ["last_hidden_state"]],
    ["Relu", ["unused"], ["other"]],
  ],
  inputs: { input_ids: ["batch", "tokens"], attention_mask: ["batch", "tokens"] },
  types: { input_ids: "int64", attention_mask: "int64" },
  outputs: { last_hidden_state: ["batch", "tokens", 2], other: [2] },
  initializers: [
    initializer("table", [1, 2, 3, 4, 5, 6], [3, 2]),
    initializer("half", [0.5], []),
    initializer("mask", [0, -1e38], [1, 2]),
    initializer("unused", [1, 2], [2]),
    initializer("logit_scale", [2], [1]),
  ],
};

Deno.test("towerOutput: initializers that are parameters are looked up, others stay as they are", () =>
  withModel(texts, async (file) => {
    const asked: string[] = [];
    const output = "last_hidden_state";
    const parameterOf = (name: string) => name === "table" ? "own table" : undefined;
    const inputs = new Map([
      ["input_ids", constant([2, 0], [1, 2], "int64")],
      ["attention_mask", constant([1, 1], [1, 2], "int64")],
    ]);
    const found = towerOutput(file, { output, parameterOf }, inputs, (name) => {
      asked.push(name);
      return constant([2, 2, 4, 4, 6, 6], [3, 2]);
    });
    expect(new Set(asked)).toEqual(new Set(["own table"]));
    // Rows 2 and 0 of that table, halved, and the mask onto each.
    expect(await evaluateGraph(found)).toEqual([3, Math.fround(-1e38), 1, Math.fround(-1e38)]);
  }));

Deno.test("graphParameters: weights that the output needs; no masks, no single numbers", () =>
  withModel(texts, async (file) => {
    expect(graphParameters(file, "last_hidden_state")).toEqual([{ name: "table", shape: [3, 2] }]);
    const half = initializer("table", [1, 2], [2]);
    half.dataType = 10;
    half.rawData = new Uint8Array(4);
    await withModel({ ...texts, initializers: [half, ...texts.initializers!.slice(1)] }, (file) => {
      expect(() => graphParameters(file, "last_hidden_state")).toThrow(/found half precision/);
    });
  }));

Deno.test("graphParameters: weights that a branch hands out, at any depth", () =>
  withModel(texts, (file) => {
    const graph = file.model.proto.graph!;
    /** An If whose branch is one node, or hands out a value from around it. */
    const choice = (output: string, given: string, node: readonly NodeProto[] = []) =>
      create(NodeProtoSchema, {
        ...{ opType: "If", input: ["isSo"], output: [output] },
        attribute: [create(AttributeProtoSchema, {
          name: "then_branch",
          type: AttributeProto_AttributeType.GRAPH,
          g: create(GraphProtoSchema, {
            node: [...node],
            output: [create(ValueInfoProtoSchema, { name: given })],
          }),
        })],
      });
    graph.initializer.push(initializer("deep", [1, 2, 3], [3]), initializer("other", [1, 2], [2]));
    graph.node.push(choice("chosen", "inner", [choice("inner", "deep")]));
    const names = graphParameters(file, "chosen").map(({ name }) => name);
    expect(names).toEqual(["deep"]);
  }));

Deno.test("embeddingOutput, graphInputs, textInputs: by their usual names", () =>
  withModel(texts, (file) => {
    expect(embeddingOutput(file, "text", { pooling: "mean" })).toBe("last_hidden_state");
    expect(embeddingOutput(file, "text", { output: "other" })).toBe("other");
    expect(() => embeddingOutput(file, "text")).toThrow(
      /expected to be told which output.*found last_hidden_state, other/,
    );
    expect(() => embeddingOutput(file, "text", { output: "y" })).toThrow(/found y/);
    expect(graphInputs(file)[0]).toEqual({
      name: "input_ids",
      dtype: "int64",
      shape: [undefined, undefined],
    });
    expect(textInputs(file).mask?.name).toBe("attention_mask");
    expect(() => pictureSide(file)).toThrow(/expected an input of pictures/);
    expect(() => imageGraph(file, { output: "other", size: 4, parameterOf: () => undefined }))
      .toThrow(/expected an input of pictures/);
  }));

Deno.test("textGraph: knows its vocabulary, and pools what is there", () =>
  withModel(
    { ...texts, nodes: [["Gather", ["table", "input_ids"], ["last_hidden_state"]]] },
    async (file) => {
      const tower = textGraph(file, {
        output: "last_hidden_state",
        pooling: "mean",
        contextLength: 4,
        padding: 0,
        isFull: true,
        parameterOf: () => undefined,
      });
      expect(tower.vocabulary).toBe(3);
      // The second and third row of the table, [3, 4] and [5, 6]; what is filled up does not count.
      const ids = constant([1, 2, 0], [1, 3], "int64");
      const row = tower.encode(ids, constant([1], [1], "int64"), () => ids);
      expect(await evaluateGraph(row)).toEqual([4, 5]);
    },
  ));

Deno.test("pooled: the first, the last that is there, or the mean", async () => {
  const output = constant([1, 2, 3, 4, 5, 6], [1, 3, 2]);
  const present = {
    mask: constant([1, 1, 0], [1, 3]),
    end: constant([1], [1], "int64"),
  };
  const of = (pooling: "first" | "last" | "mean", known?: typeof present) =>
    evaluateGraph(pooled("a.onnx", output, pooling, known));
  expect(await of("first", present)).toEqual([1, 2]);
  expect(await of("last", present)).toEqual([3, 4]);
  expect(await of("mean", present)).toEqual([2, 3]);
  expect(await of("last")).toEqual([5, 6]);
  expect(await of("mean")).toEqual([3, 4]);
  expect(() => pooled("a.onnx", output, undefined)).toThrow(/or a pooling, found \[1, 3, 2\]/);
  expect(() => pooled("a.onnx", input("x", "float32", [2, 3]), "mean")).toThrow(/to pool/);
});

Deno.test("inParts: a graph of two rows, for five", async () => {
  const rows = constant([1, 2, 3, 4, 5], [5, 1]);
  const seen: number[] = [];
  const graph = (x: Tensor) => {
    seen.push(x.shape[0]!);
    return add(x, 1);
  };
  expect(await evaluateGraph(inParts(2, [rows], graph))).toEqual([2, 3, 4, 5, 6]);
  expect(seen).toEqual([2, 2, 2]);
  expect(inParts(undefined, [rows], graph).shape).toEqual([5, 1]);
});

Deno.test("readGraphValues, writeGraph: new values under the same names", () =>
  withModel(texts, async (file, folder) => {
    const table = { name: "table", shape: [3, 2] };
    const before = (await readGraphValues(file, [table])).get("table")!;
    expect([...before.data]).toEqual([1, 2, 3, 4, 5, 6]);
    const tower = towerFile(file, "text", { pooling: "mean" });
    freeValues(tower);
    expect(file.model.proto.graph!.initializer[0]!.rawData.length).toBe(0);
    await Deno.mkdir(`${folder}/out`);
    const data = Float32Array.of(6, 5, 4, 3, 2, 1);
    await writeGraph(`${folder}/out`, file, new Map([["table", { shape: [3, 2], data }]]));
    const after = await openOnnxFile(`${folder}/out/a.onnx`, assets);
    expect((await readGraphValues(after, [table])).get("table")!.data).toEqual(data);
    expect((await readGraphValues(after, [{ name: "unused", shape: [2] }])).get("unused")!.data)
      .toEqual(Float32Array.of(1, 2));
  }));

Deno.test("logitScaleOf: the initializer of that name, else the factor's logarithm", () =>
  withModel(texts, async (file) => {
    const scale = logitScaleOf([file]);
    expect(scale.parameter).toEqual({ name: "logit_scale", shape: [1], part: "logit_scale" });
    expect((await scale.read()).data[0]).toBe(2);
    expect((await logitScaleOf([], 20).read()).data[0]).toBeCloseTo(Math.log(20), 6);
  }));

Deno.test("writeOnnxFolder: a description by which the folder is read again", () =>
  withModel(texts, async (file, folder) => {
    const tower = towerFile(file, "text", { pooling: "mean" });
    const values = new Map([
      ["table", { shape: [3, 2], data: new Float32Array(6) }],
      ["logit_scale", { shape: [], data: Float32Array.of(Math.log(20)) }],
    ]);
    await writeOnnxFolder(`${folder}/out`, values, {
      towers: [tower],
      options: { text: `${folder}/a.onnx`, textGraph: { pooling: "mean" } },
      length: { contextLength: 4, isFull: false },
      similarity: [logitScaleOf([])],
      tokenizer: undefined,
    }, assets);
    const { logitScale, ...described } = JSON.parse(
      await Deno.readTextFile(`${folder}/out/onnx_model.json`),
    );
    expect(logitScale).toBeCloseTo(20, 5);
    expect(described).toEqual({
      text: "a.onnx",
      textGraph: { pooling: "mean", output: "last_hidden_state" },
      tokenizer: "clip",
      contextLength: 4,
      length: "cut",
    });
  }));

Deno.test("locateGraphs: optimum's names, or a description; a broken one is refused by its path", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/onnx`);
    await Deno.writeTextFile(`${folder}/onnx/model.onnx`, "");
    const both = `${folder}/onnx/model.onnx`;
    expect(await locateGraphs({ weights: folder }, assets)).toEqual({ text: both, image: both });
    await Deno.writeTextFile(`${folder}/onnx_model.json`, '{"text":"t.onnx","logitScale":5}');
    expect(await locateGraphs({ weights: folder }, assets))
      .toEqual({ text: `${folder}/t.onnx`, tokenizer: folder, logitScale: 5 });
    await Deno.writeTextFile(`${folder}/onnx_model.json`, '{"text":1}');
    await expect(locateGraphs({ weights: folder }, assets)).rejects.toThrow(
      new RegExp(`^${folder}/onnx_model.json: text: `),
    );
    expect(foldersOf(both)).toEqual([`${folder}/onnx`, folder]);
    expect(onnxOptionsSchema.safeParse({}).success).toBe(false);
  }));

Deno.test("findPreprocessing: as the options say, else by the file beside the graph", () =>
  withFolder(async (folder) => {
    const options = { text: "t.onnx", image: `${folder}/v.onnx` };
    await expect(findPreprocessing(options, 8, assets)).rejects.toThrow(
      /expected a preprocessor_config.json beside it/,
    );
    const normalization = { mean: [0, 0, 0], deviation: [1, 1, 1] } as const;
    expect(await findPreprocessing({ ...options, normalization }, 8, assets))
      .toMatchObject({ ...normalization, size: 8 });
    await Deno.writeTextFile(
      `${folder}/preprocessor_config.json`,
      '{"image_processor_type":"SiglipImageProcessor","size":{"height":8,"width":8}}',
    );
    expect(await findPreprocessing(options, undefined, assets))
      .toMatchObject({ mean: [0.5, 0.5, 0.5], size: 8, fit: { resize: "squash" } });
  }));
