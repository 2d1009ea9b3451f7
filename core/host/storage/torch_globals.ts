/**
 * The names that a checkpoint of tensors may use, and what each stands for.
 *
 * @module
 */
import { PickleGlobal, type PickleValue, type PickleWorld } from "./pickle.ts";
import type { SafetensorsDtype } from "./safetensors_dtype.ts";
import { type TorchStorage, TorchTensor } from "./torch_tensor.ts";

/** A type of element that a pickle names: `torch.FloatStorage` or `torch.float32`. */
class TorchDtype extends PickleGlobal {
  constructor(name: string, readonly dtype: SafetensorsDtype | undefined) {
    super(name);
  }
}

/** An object of a TorchScript module: its attributes, submodules among them. */
export class ScriptObject {
  /** In the order of the file. */
  readonly attributes = new Map<string, PickleValue>();

  /** Takes its attributes. */
  setState(state: PickleValue): void {
    if (!(state instanceof Map)) return;
    for (const [name, value] of state) this.attributes.set(String(name), value);
  }
}

/** What is no tensor and no container, and is not looked into: a NumPy number, a namespace. */
class Opaque {
  setState(_state: PickleValue): void {}
}

const storageTypes: Readonly<Record<string, SafetensorsDtype>> = {
  FloatStorage: "F32",
  DoubleStorage: "F64",
  HalfStorage: "F16",
  BFloat16Storage: "BF16",
  LongStorage: "I64",
  IntStorage: "I32",
  ShortStorage: "I16",
  CharStorage: "I8",
  ByteStorage: "U8",
  BoolStorage: "BOOL",
};

const dtypes: Readonly<Record<string, SafetensorsDtype>> = {
  float32: "F32",
  float64: "F64",
  float16: "F16",
  bfloat16: "BF16",
  int64: "I64",
  int32: "I32",
  int16: "I16",
  int8: "I8",
  uint64: "U64",
  uint32: "U32",
  uint16: "U16",
  uint8: "U8",
  bool: "BOOL",
};

/**
 * NumPy's numbers and arrays, of which optimisers keep some, command-line arguments, and what older
 * protocols write bytes with. None is a tensor of a model, so nothing is made of them.
 */
const opaque = [
  "_codecs.encode",
  "argparse.Namespace",
  "numpy.core.multiarray.scalar",
  "numpy._core.multiarray.scalar",
  "numpy.core.multiarray._reconstruct",
  "numpy._core.multiarray._reconstruct",
  "numpy.dtype",
  "numpy.ndarray",
  "torch.device",
];

const globals: ReadonlyMap<string, PickleGlobal> = new Map([
  ...Object.entries(storageTypes).map(([name, dtype]) => new TorchDtype(`torch.${name}`, dtype)),
  ...Object.entries(dtypes).map(([name, dtype]) => new TorchDtype(`torch.${name}`, dtype)),
  new TorchDtype("torch.storage.UntypedStorage", undefined),
  ...opaque.map((name) => new PickleGlobal(name, () => new Opaque())),
  new PickleGlobal("collections.OrderedDict", ([pairs]) => {
    const result = new Map<PickleValue, PickleValue>();
    for (const pair of arrayOf(pairs ?? [])) {
      const [key, value] = arrayOf(pair);
      result.set(key, value);
    }
    return result;
  }),
  new PickleGlobal("__builtin__.set", ([items]) => new Set(arrayOf(items ?? []))),
  new PickleGlobal("torch.Size", ([lengths]) => arrayOf(lengths ?? [])),
  new PickleGlobal("torch._utils._rebuild_tensor", rebuildTensor),
  new PickleGlobal("torch._utils._rebuild_tensor_v2", rebuildTensor),
  new PickleGlobal("torch._utils._rebuild_tensor_v3", rebuildTensor),
  new PickleGlobal("torch._utils._rebuild_parameter", ([tensor]) => tensor),
  new PickleGlobal("torch._utils._rebuild_parameter_with_state", ([tensor]) => tensor),
  // TorchScript marks the types of its lists and dictionaries so.
  ...["build_intlist", "build_doublelist", "build_boollist", "build_tensorlist", "restore_type_tag"]
    .map((name) => new PickleGlobal(`torch.jit._pickle.${name}`, ([value]) => value)),
].map((each) => [each.name, each]));

/** The world of a checkpoint; `classes` takes the names of TorchScript classes that it uses. */
export function torchWorld(classes: Set<string>): PickleWorld {
  return {
    global: (name) => {
      // Classes that the archive defines itself, in code that stays unread.
      if (name.startsWith("__torch__.")) {
        classes.add(name);
        return new PickleGlobal(name, () => new ScriptObject());
      }
      return globals.get(name);
    },
    persistent: (id) => {
      const [kind, type, key, , length, view] = arrayOf(id);
      if (kind !== "storage" || !(type instanceof TorchDtype) || !isCount(length)) {
        throw new SyntaxError("it refers to something outside itself that is no storage");
      }
      if (view !== undefined && view !== null) {
        throw new SyntaxError("it keeps a view of a storage, as PyTorch did before 0.4");
      }
      return { key: String(key), dtype: type.dtype, length } satisfies TorchStorage;
    },
  };
}

/** `(storage, offset, shape, strides, requires_grad, hooks[, dtype])` */
function rebuildTensor(args: readonly PickleValue[]): TorchTensor {
  const [storage, offset, shape, strides, , , type] = args;
  if (!isStorage(storage)) throw new SyntaxError("it holds a tensor without a storage");
  const dtype = type instanceof TorchDtype ? type.dtype : storage.dtype;
  if (dtype === undefined) throw new SyntaxError("it holds a tensor without a type");
  const [lengths, steps] = [arrayOf(shape), arrayOf(strides)];
  if (
    !isCount(offset) || !lengths.every(isCount) || !steps.every(isCount) ||
    lengths.length !== steps.length
  ) {
    throw new SyntaxError("it holds a tensor whose offset, shape and strides do not fit together");
  }
  return new TorchTensor(storage, dtype, offset, lengths, steps);
}

function isStorage(value: PickleValue): value is TorchStorage {
  return typeof value === "object" && value !== null && "key" in value && "length" in value;
}

function isCount(value: PickleValue): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function arrayOf(value: PickleValue): PickleValue[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Set) return [...value];
  throw new SyntaxError("it passes something that is no list where a list is due");
}
