import { cast } from "../../core/graph/cast.ts";
import { l2Normalize } from "../../core/graph/composite.ts";
import { add, exp, mul } from "../../core/graph/elementwise.ts";
import { inHalf } from "../../core/graph/half_precision.ts";
import { matmul, transpose } from "../../core/graph/linear.ts";
import { ofAnyLength, type SizedGraph } from "../../core/graph/named_axis.ts";
import { constant, input } from "../../core/graph/node.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import { toModel } from "../../core/graph/to_model.ts";
import type { DualEncoder, HostTensor, ParameterLookup } from "../../core/model.ts";
import type { ExportOptions } from "./export_options.ts";
import { givenTexts } from "./given_texts.ts";

/** Models of a dual encoder, each as a function of its output's name; the joint one names its own. */
export interface TowerGraphs {
  vision_model(output: string): Uint8Array;
  text_model(output: string): Uint8Array;
  model(output: string): Uint8Array;
}

/** A tower with its input, whose first axis has a name where its length is open. */
interface Tower {
  readonly input: Tensor;
  readonly embedding: Tensor;
  /** Names of the input's axes. */
  readonly axes: readonly (string | undefined)[];
}

/** Lengths from which that of any batch is told; 1 is left out, for it is stretched. */
const LENGTHS = [2, 3] as const;

/** The towers of a model with these weights, as ONNX models. */
export function towerGraphs(
  model: DualEncoder,
  weights: ReadonlyMap<string, HostTensor>,
  { precision, batch }: Pick<ExportOptions, "precision" | "batch">,
): TowerGraphs {
  const parameter = lookupOf(weights, precision);
  const image = towerOf("pixel_values", batch, (length) => imageGraph(model, length, parameter));
  const text = towerOf("input_ids", batch, (length) => textGraph(model, length, parameter));
  const write = (outputs: Readonly<Record<string, Tensor>>, towers: readonly Tower[]) => {
    const names = Object.keys(outputs);
    const results = Object.values(outputs);
    const tensors = precision === "float16" ? inHalf(results) : results;
    const open = batch === undefined;
    const own = (name: string): readonly (string | undefined)[] =>
      name === "logits_per_image"
        ? ["image_batch_size", "text_batch_size"]
        : name === "logits_per_text"
        ? ["text_batch_size", "image_batch_size"]
        : [towers.length === 1 ? "batch_size" : `${name.split("_")[0]}_batch_size`];
    const batchOf = ({ axes: [first, ...rest] }: Tower) =>
      towers.length === 1 && open ? ["batch_size", ...rest] : [first, ...rest];
    return toModel({
      inputs: towers.map(({ input }) => input),
      outputs: Object.fromEntries(names.map((name, i) => [name, tensors[i]!])),
    }, {
      axes: new Map([
        ...towers.map((tower) => [tower.input, batchOf(tower)] as const),
        ...names.map((name, i) => [tensors[i]!, open ? own(name) : []] as const),
      ]),
    });
  };
  return {
    vision_model: (name) => write({ [name]: image.embedding }, [image]),
    text_model: (name) => write({ [name]: text.embedding }, [text]),
    model: () => {
      const [images, texts] = [image, text].map(({ embedding }) => l2Normalize(embedding)) as [
        Tensor,
        Tensor,
      ];
      const scaled = mul(matmul(images, transpose(texts)), exp(parameter(model.logitScale)));
      const logits = model.logitBias === undefined
        ? scaled
        : add(scaled, parameter(model.logitBias));
      const outputs = {
        logits_per_image: logits,
        logits_per_text: transpose(logits),
        text_embeds: texts,
        image_embeds: images,
      };
      return write(outputs, [text, image]);
    },
  };
}

/** Weights as constants: in float16, of which products then make use as it is. */
function lookupOf(
  weights: ReadonlyMap<string, HostTensor>,
  precision: ExportOptions["precision"],
): ParameterLookup {
  const made = new Map<string, Tensor>();
  return (name) => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const { data, shape } = weights.get(name)!;
    const tensor = precision === "float32"
      ? constant(data, shape)
      : cast(constant(data, shape, "float16"), "float32");
    made.set(name, tensor);
    return tensor;
  };
}

/** A tower for a batch of a length, or of any. */
function towerOf(
  name: string,
  batch: number | undefined,
  build: (length: number) => SizedGraph & { readonly axes: readonly (string | undefined)[] },
): Tower {
  if (batch !== undefined) {
    const { input, output, axes } = build(batch);
    return { input, embedding: output, axes: [undefined, ...axes] };
  }
  const [first, second] = LENGTHS.map(build) as [ReturnType<typeof build>, SizedGraph];
  const open = name === "pixel_values" ? "image_batch_size" : "text_batch_size";
  return {
    input: first.input,
    embedding: ofAnyLength(first, second),
    axes: [open, ...first.axes],
  };
}

function imageGraph({ image }: DualEncoder, length: number, parameter: ParameterLookup) {
  const pixels = input("pixel_values", "float32", [length, 3, image.size, image.size]);
  return { length, input: pixels, output: image.encode(pixels, parameter), axes: [] };
}

/** The text tower behind what makes its ids of those that other programs' tokenizers give. */
function textGraph(model: DualEncoder, length: number, parameter: ParameterLookup) {
  const { given, ids, end } = givenTexts(model, length, parameter);
  return {
    ...{ length, input: given, axes: ["sequence_length"] },
    output: model.text.encode(ids, end, parameter),
  };
}
