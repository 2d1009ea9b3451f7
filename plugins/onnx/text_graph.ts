import { cast } from "../../core/graph/cast.ts";
import { less, not } from "../../core/graph/comparison.ts";
import { expand, reshape } from "../../core/graph/linear.ts";
import { constant, indices, input, zeros } from "../../core/graph/node.ts";
import { concat, slice } from "../../core/graph/shape.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import { topologicalOrder } from "../../core/graph/topology.ts";
import type { ParameterLookup, TextTower } from "../../core/model.ts";
import { inParts } from "./fixed_batch.ts";
import { type GraphInput, graphInputs } from "./graph_inputs.ts";
import type { OnnxFile } from "./onnx_file.ts";
import { pooled, type Pooling } from "./pooled.ts";
import { towerOutput, type TowerOutputOptions } from "./tower_output.ts";

/** What of a file is the text tower. */
export interface TextGraphOptions extends TowerOutputOptions {
  readonly pooling?: Pooling | undefined;
  /** The most tokens of a text. */
  readonly contextLength: number;
  /** Fills texts up. */
  readonly padding: number;
  /** Whether all texts are filled up to the context's length. */
  readonly isFull: boolean;
}

/** What texts are given by; each is known by its name. */
export interface TextInputs {
  readonly ids: GraphInput;
  /** What is there of a text. */
  readonly mask?: GraphInput | undefined;
}

/**
 * The inputs of a text tower.
 *
 * @throws {RangeError} if there are no token ids among them, or what is not known here.
 */
export function textInputs(file: OnnxFile): TextInputs {
  const whole = graphInputs(file).filter(({ dtype }) => dtype === "int64" || dtype === "int32");
  const named = (form: RegExp) => whole.find(({ name }) => form.test(name));
  const ids = named(/^(input_)?ids$|^text$|^tokens$/) ??
    (whole.length === 1 ? whole[0] : undefined);
  if (ids?.shape.length !== 2) {
    throw new RangeError(
      `${file.address}: expected an input of token ids [batch, tokens], called input_ids; found ${
        whole.map(({ name }) => name).join(", ") || "none of whole numbers"
      }`,
    );
  }
  const mask = named(/^attention_mask$|^mask$/);
  return { ids, mask };
}

/** An exported graph as a text tower. */
export function textGraph(file: OnnxFile, options: TextGraphOptions): TextTower {
  const { contextLength, isFull, padding } = options;
  const { ids: source } = textInputs(file);
  const [batch, length] = source.shape;
  const encode: TextTower["encode"] = (ids, end, parameter) =>
    inParts(batch, [ids, end], (part, ends) => {
      const wanted = length ?? (isFull ? contextLength : part!.shape[1]!);
      return graphOf(file, options, filled(part!, wanted, padding), ends!, parameter);
    });
  return { contextLength, vocabulary: vocabularyOf(file, options), encode };
}

function graphOf(
  file: OnnxFile,
  options: Pick<TextGraphOptions, "output" | "pooling" | "parameterOf">,
  ids: Tensor,
  end: Tensor,
  parameter: ParameterLookup,
): Tensor {
  const [batch, tokens] = ids.shape as [number, number];
  const places = indices(Array.from({ length: tokens }, (_, i) => i));
  const isThere = not(less(reshape(end, [batch, 1]), places));
  const known = textInputs(file);
  const inputs = new Map(
    graphInputs(file).flatMap(({ name, dtype }): [string, Tensor][] => {
      if (name === known.ids.name) return [[name, cast(ids, dtype)]];
      if (name === known.mask?.name) return [[name, cast(isThere, dtype)]];
      if (/^token_type_ids$/.test(name)) return [[name, zeros([batch, tokens], dtype)]];
      if (/^position_ids$/.test(name)) {
        return [[name, expand(cast(places, dtype), [batch, tokens])]];
      }
      return [];
    }),
  );
  const found = towerOutput(file, options, inputs, parameter);
  return pooled(file.address, found, options.pooling, { mask: cast(isThere, found.dtype), end });
}

/** Texts as long as the graph takes them; longer ones hold nothing but padding there. */
function filled(ids: Tensor, length: number, padding: number): Tensor {
  const [batch, tokens] = ids.shape as [number, number];
  if (tokens > length) return slice(ids, { axis: 1, start: 0, end: length });
  if (tokens === length) return ids;
  return concat([ids, expand(constant([padding], [], "int64"), [batch, length - tokens])], 1);
}

/** The rows of the table that token ids are looked up in. */
function vocabularyOf(file: OnnxFile, options: TextGraphOptions): number {
  const [rows = 1, columns = options.contextLength] = textInputs(file).ids.shape;
  const ids = input("ids", "int64", [rows, columns]);
  const parameters = new Map(
    file.model.proto.graph!.initializer.map(({ name, dims }) => [
      options.parameterOf(name),
      input(`parameter ${name}`, "float32", dims.map(Number)),
    ]),
  );
  const graph = graphOf(
    file,
    options,
    ids,
    input("end", "int64", [rows]),
    (name) => parameters.get(name)!,
  );
  const table = topologicalOrder([graph]).find(({ op, inputs }) =>
    op === "Gather" && inputs[0]!.shape.length === 2 &&
    topologicalOrder([inputs[1]!]).every(({ op, inputName }) =>
      op !== "input" || inputName === "ids"
    ) &&
    topologicalOrder([inputs[1]!]).includes(ids.node)
  );
  if (table !== undefined) return table.inputs[0]!.shape[0]!;
  throw new RangeError(
    `${file.address}: expected a table that token ids are looked up in, found none`,
  );
}
