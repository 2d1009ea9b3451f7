import { create } from "@bufbuild/protobuf";
import { expect } from "expect";
import {
  type TensorProto,
  TensorProto_DataLocation,
  TensorProtoSchema,
} from "../../../../core/graph/onnx_pb.ts";
import {
  externalPlace,
  tensorBytes,
  tensorConstant,
} from "../../../../core/graph/onnx/tensor_values.ts";
import { evaluateGraph } from "../../../helpers/evaluate_graph.ts";

const inside = (): never => {
  throw new Error("no other file");
};

Deno.test("tensorConstant: reads each of ONNX's fields of values", async () => {
  const cases: readonly [Partial<TensorProto>, readonly number[]][] = [
    [{ dataType: 1, floatData: [1.5, -2] }, [1.5, -2]],
    [{ dataType: 11, doubleData: [1.5, -2] }, [1.5, -2]],
    [{ dataType: 7, int64Data: [3n, -4n] }, [3, -4]],
    [{ dataType: 6, int32Data: [3, -4] }, [3, -4]],
    [{ dataType: 2, int32Data: [3, 255] }, [3, 255]],
    [{ dataType: 9, int32Data: [1, 0] }, [1, 0]],
    [{ dataType: 1, rawData: new Uint8Array(Float32Array.of(1.5, -2).buffer) }, [1.5, -2]],
  ];
  for (const [fields, expected] of cases) {
    const tensor = create(TensorProtoSchema, { name: "w", dims: [2n], ...fields } as TensorProto);
    expect(await evaluateGraph(tensorConstant(tensor, inside))).toEqual(expected);
  }
  // 1 and −2 in half precision.
  const half = { name: "w", dims: [2n], dataType: 10, int32Data: [0x3c00, 0xc000] };
  expect([...tensorBytes(create(TensorProtoSchema, half), inside)]).toEqual([0, 0x3c, 0, 0xc0]);
});

Deno.test("tensorBytes: refuses values that do not fill the shape, and types that are not here", () => {
  const short = create(TensorProtoSchema, { name: "w", dims: [3n], dataType: 1, floatData: [1] });
  expect(() => tensorBytes(short, inside)).toThrow(
    new SyntaxError('initializer "w": expected 12 bytes for float32 [3], found 4'),
  );
  const bfloat = create(TensorProtoSchema, { name: "w", dims: [1n], dataType: 16 });
  expect(() => tensorBytes(bfloat, inside)).toThrow(/found bfloat16$/);
});

Deno.test("externalPlace: a file's name and whole numbers, nothing else", () => {
  const tensor = (entries: Record<string, string>) =>
    create(TensorProtoSchema, {
      name: "w",
      dataLocation: TensorProto_DataLocation.EXTERNAL,
      externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
    });
  expect(externalPlace(tensor({ location: "a.onnx_data", offset: "8", length: "4" })))
    .toEqual({ location: "a.onnx_data", offset: 8, length: 4 });
  expect(externalPlace(tensor({ location: "a" }))).toEqual({
    location: "a",
    offset: 0,
    length: undefined,
  });
  expect(externalPlace(create(TensorProtoSchema, { name: "w" }))).toBeUndefined();
  expect(() => externalPlace(tensor({}))).toThrow(/expected the name of a file, found none/);
  expect(() => externalPlace(tensor({ location: "a", offset: "-1" })))
    .toThrow(/expected a whole offset, found "-1"/);
});
