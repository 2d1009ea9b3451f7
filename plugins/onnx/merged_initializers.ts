/**
 * Parameters that exporters have merged because their values were equal.
 *
 * @module
 */
import { create } from "@bufbuild/protobuf";
import { sizeOf } from "../../core/graph/node.ts";
import { isOnnxDomain } from "../../core/graph/onnx/parse_model.ts";
import { type ExternalData, shapeOf, tensorBytes } from "../../core/graph/onnx/tensor_values.ts";
import {
  type GraphProto,
  type NodeProto,
  type TensorProto,
  TensorProtoSchema,
} from "../../core/graph/onnx_pb.ts";

/** ONNX's number of float32. */
const FLOAT = 1;

/** What the legacy exporter calls parameters and what it has computed of them; other values have slashes. */
const PARAMETER = /^([A-Za-z_]\w*(\.\w+)*|onnx::\w+)$/;

/**
 * Gives parameters of equal values, of which PyTorch's exporters keep one, each an initializer again:
 * trained, they come to differ. The legacy exporter passes the kept one on under the others' names; the
 * new one tells at each node which parameters it was made of. What was one parameter in the model
 * stays one.
 */
export function partInitializers(graph: GraphProto, external: ExternalData): void {
  const held = new Map(
    graph.initializer
      .filter((each) => each.dataType === FLOAT && sizeOf(shapeOf(each)) > 1)
      .map((each) => [each.name, each]),
  );
  const taken = new Set([
    ...graph.initializer.map(({ name }) => name),
    ...graph.output.map(({ name }) => name),
  ]);
  const addCopy = (of: TensorProto, name: string) => {
    taken.add(name);
    graph.initializer.push(copyOf(of, name, external));
  };
  graph.node = graph.node.filter(({ opType, domain, input, output: [name = ""] }) => {
    const source = opType === "Identity" && isOnnxDomain(domain) ? held.get(input[0]!) : undefined;
    if (source === undefined || taken.has(name) || !PARAMETER.test(name)) return true;
    addCopy(source, name);
    return false;
  });
  const made = new Set<string>();
  for (const [name, uses] of usesOf(graph.node, held)) {
    // A name that is nowhere its own is that of something computed of parameters.
    if (!uses.some(({ owner }) => owner === name)) continue;
    for (const { node, place, owner } of uses) {
      if (owner === undefined || taken.has(owner) && !made.has(owner)) continue;
      if (!made.has(owner)) addCopy(held.get(name)!, owner);
      made.add(owner);
      node.input[place] = owner;
    }
  }
}

interface Use {
  readonly node: NodeProto;
  readonly place: number;
  /** The parameter that is meant, where the node tells it. */
  readonly owner: string | undefined;
}

/** Where initializers are read that are read more than once. */
function usesOf(
  nodes: readonly NodeProto[],
  held: ReadonlyMap<string, TensorProto>,
): ReadonlyMap<string, readonly Use[]> {
  const uses = new Map([...held.keys()].map((name): [string, Use[]] => [name, []]));
  for (const node of nodes) {
    for (const [place, name] of node.input.entries()) {
      uses.get(name)?.push({ node, place, owner: ownerOf(node, place, held) });
    }
  }
  return new Map([...uses].filter(([, each]) => each.length > 1));
}

/**
 * The parameter that an operand was made of: the new exporter leaves at each node the modules that it
 * stands in, and the call that it was made of, whose parameters have names with lines for points and
 * without capitals.
 */
function ownerOf(
  { opType, input, metadataProps }: NodeProto,
  place: number,
  held: ReadonlyMap<string, TensorProto>,
): string | undefined {
  const facts = new Map(metadataProps.map(({ key, value }) => [key, value]));
  const call = facts.get("pkg.torch.onnx.fx_node") ?? "";
  const scopes = facts.get("pkg.torch.onnx.name_scopes") ?? "";
  const parameters = [...call.matchAll(/%p_(\w+)/g)].map(([, name]) => name!);
  const owners = parameters.flatMap((parameter) => {
    const modules = [...scopes.matchAll(/'([^']*)'/g)].map(([, name]) => name!).reverse();
    const module = modules.find((name) =>
      parameter.toLowerCase().startsWith(`${name.replaceAll(".", "_").toLowerCase()}_`)
    );
    return module === undefined ? [] : [`${module}.${parameter.slice(module.length + 1)}`];
  });
  const places = input.flatMap((name, i) => held.has(name) ? [i] : []);
  if (owners.length === places.length) return owners[places.indexOf(place)];
  // A product that was written out: its bias is added last.
  return opType === "Add" ? owners.at(-1) : undefined;
}

function copyOf(tensor: TensorProto, name: string, external: ExternalData): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: [...tensor.dims],
    dataType: tensor.dataType,
    rawData: tensorBytes(tensor, external).slice(),
  });
}
