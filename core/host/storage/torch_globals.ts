/**
 * The names that a checkpoint of tensors may use, and what each stands for.
 *
 * @module
 */
import { keyText, PickleGlobal, type PickleValue, type PickleWorld } from "./pickle.ts";
import { type SafetensorsDtype, tensorDataClasses } from "./safetensors_dtype.ts";
import { type TorchStorage, TorchTensor, UnreadTensor } from "./torch_tensor.ts";

/** A type of element that a pickle names: `torch.FloatStorage` or `torch.float32`. */
class TorchDtype extends PickleGlobal {
  /**
   * Names it.
   *
   * @param dtype Undefined for bytes of any meaning, and for a type that is not read.
   * @param itemSize Bytes of an element.
   */
  constructor(
    name: string,
    readonly dtype: SafetensorsDtype | undefined,
    readonly itemSize: number = dtype === undefined
      ? 1
      : tensorDataClasses[dtype].BYTES_PER_ELEMENT,
  ) {
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
    for (const [name, value] of state) this.attributes.set(keyText(name), value);
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

/** Types of element that PyTorch also reads, and no model's tensors here have, with their bytes. */
const unreadTypes: Readonly<Record<string, number>> = {
  ComplexFloatStorage: 8,
  ComplexDoubleStorage: 16,
  QInt8Storage: 1,
  QUInt8Storage: 1,
  QInt32Storage: 4,
  QUInt4x2Storage: 1,
  QUInt2x4Storage: 1,
  complex32: 4,
  complex64: 8,
  complex128: 16,
  qint8: 1,
  quint8: 1,
  qint32: 4,
  quint4x2: 1,
  quint2x4: 1,
  float8_e4m3fn: 1,
  float8_e4m3fnuz: 1,
  float8_e5m2: 1,
  float8_e5m2fnuz: 1,
  float8_e8m0fnu: 1,
  float4_e2m1fn_x2: 1,
};

/** Functions that put together what is not read. */
const unreadTensors: Readonly<Record<string, string>> = {
  "torch._utils._rebuild_sparse_tensor": "a sparse tensor",
  "torch._utils._rebuild_qtensor": "a quantised tensor",
  "torch._utils._rebuild_meta_tensor_no_storage": "a tensor without values",
  "torch._utils._rebuild_wrapper_subclass": "a tensor of a class of its own",
  "torch._utils._rebuild_device_tensor_from_numpy": "a tensor kept as a NumPy array",
  "torch._utils._rebuild_device_tensor_from_cpu_tensor": "a tensor of another device",
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
  "torch.serialization._get_layout",
  "torch.per_tensor_affine",
  "torch.per_tensor_symmetric",
  "torch.per_channel_affine",
  "torch.per_channel_symmetric",
  "torch.per_channel_affine_float_qparams",
  "builtins.bytearray",
  "__builtin__.bytearray",
  "builtins.complex",
  "__builtin__.complex",
];

const globals: ReadonlyMap<string, PickleGlobal> = new Map([
  ...Object.entries(storageTypes).map(([name, dtype]) => new TorchDtype(`torch.${name}`, dtype)),
  ...Object.entries(dtypes).map(([name, dtype]) => new TorchDtype(`torch.${name}`, dtype)),
  ...Object.entries(unreadTypes).map(([name, size]) =>
    new TorchDtype(`torch.${name}`, undefined, size)
  ),
  new TorchDtype("torch.storage.UntypedStorage", undefined),
  ...Object.entries(unreadTensors).map(([name, what]) =>
    new PickleGlobal(name, () => new UnreadTensor(what))
  ),
  ...opaque.map((name) => new PickleGlobal(name, () => new Opaque())),
  new PickleGlobal("collections.OrderedDict", ([pairs]) => {
    const result = new Map<PickleValue, PickleValue>();
    for (const pair of arrayOf(pairs ?? [])) {
      const [key, value] = arrayOf(pair);
      result.set(key, value);
    }
    return result;
  }),
  // A scheduler's milestones; it is given its counts as a dictionary.
  new PickleGlobal(
    "collections.Counter",
    ([counts]) => new Map(counts instanceof Map ? counts : []),
  ),
  ...["__builtin__.set", "builtins.set"].map((name) =>
    new PickleGlobal(name, ([items]) => new Set(arrayOf(items ?? [])))
  ),
  new PickleGlobal("torch.Size", ([lengths]) => arrayOf(lengths ?? [])),
  new PickleGlobal("torch._utils._rebuild_tensor", rebuildTensor),
  new PickleGlobal("torch._utils._rebuild_tensor_v2", rebuildTensor),
  new PickleGlobal("torch._utils._rebuild_tensor_v3", rebuildTensor),
  // A tensor with attributes: `(function, class, arguments, attributes)`.
  new PickleGlobal("torch._tensor._rebuild_from_type_v2", ([rebuild, , args]) => {
    if (!(rebuild instanceof PickleGlobal) || rebuild.call === undefined) {
      throw new SyntaxError("it holds a tensor that is put together by no function");
    }
    return rebuild.call(arrayOf(args));
  }),
  new PickleGlobal("torch.Tensor"),
  new PickleGlobal("torch.nn.parameter.Parameter", ([tensor]) => tensor),
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
      const { name, dtype, itemSize } = type;
      return { key: keyText(key), type: name, dtype, itemSize, length } satisfies TorchStorage;
    },
  };
}

/** `(storage, offset, shape, strides, requires_grad, hooks[, dtype])` */
function rebuildTensor(args: readonly PickleValue[]): TorchTensor | UnreadTensor {
  const [storage, offset, shape, strides, , , type] = args;
  if (!isStorage(storage)) throw new SyntaxError("it holds a tensor without a storage");
  const named = type instanceof TorchDtype;
  const dtype = named ? type.dtype : storage.dtype;
  if (dtype === undefined) return new UnreadTensor(named ? type.name : storage.type);
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
