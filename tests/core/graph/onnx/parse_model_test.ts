import { expect } from "expect";
import { FIRST_OPSET, LAST_OPSET, parseModel } from "../../../../core/graph/onnx/parse_model.ts";
import { onnxBytes } from "../../../helpers/onnx_model.ts";

const model = (opset: number) =>
  onnxBytes({ nodes: [["Relu", ["x"], ["y"]]], inputs: { x: [2] }, outputs: { y: [2] }, opset });

Deno.test("parseModel: takes the operator sets from first to last and refuses others", () => {
  expect(parseModel(model(FIRST_OPSET), "a.onnx").opset).toBe(11);
  expect(parseModel(model(LAST_OPSET), "a.onnx").proto.graph!.node[0]!.opType).toBe("Relu");
  for (const opset of [FIRST_OPSET - 1, LAST_OPSET + 1]) {
    expect(() => parseModel(model(opset), "a.onnx")).toThrow(
      new SyntaxError(
        `a.onnx: expected operators of sets 11 to 28, found set ${opset}`,
      ),
    );
  }
});

Deno.test("parseModel: what is no model is refused by the file's name", () => {
  for (const bytes of [new Uint8Array(), new TextEncoder().encode("version https://git-lfs")]) {
    expect(() => parseModel(bytes, "text.onnx")).toThrow(/^text\.onnx: expected an ONNX model, /);
  }
});
