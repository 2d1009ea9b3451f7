import { keyText, type PickleValue } from "./pickle.ts";
import { shortened } from "../../shortened.ts";
import { ScriptObject } from "./torch_globals.ts";
import { TorchTensor, UnreadTensor } from "./torch_tensor.ts";

/** The tensors of a model in what a checkpoint holds. */
export interface StateDict {
  /** By name, in the order of the file. */
  readonly tensors: ReadonlyMap<string, TorchTensor>;
  /** Words, numbers and truth values that stand beside them, as text. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The name that the model was asked for by; undefined if it was found without. */
  readonly part?: string;
}

/** Under which names training programs keep the model's tensors, beside optimiser and epoch. */
const NESTED = ["state_dict", "model_state_dict", "model"];

/** And the same averaged over training steps, which some evaluate by. */
const AVERAGED = [
  "ema",
  "model_ema",
  "ema_model",
  "ema_state_dict",
  "state_dict_ema",
  "model_ema_state_dict",
  "ema_model_state_dict",
];

/** No program nests more under these names; a chain of dictionaries without end is not followed. */
const MOST_NESTED = 64;

/**
 * What wrappers put before every name: data-parallel training and averaging, compilation, a module's
 * attribute.
 */
const PREFIXES = ["module.", "_orig_mod.", "model."];

/** Tensors in which programs that average weights count, beside those of the model. */
const COUNTERS = ["n_averaged", "num_updates", "decay"];

/** No checkpoint has more; a script's objects that contain each other would never end. */
const MOST_TENSORS = 1_000_000;

/**
 * Finds the model's tensors: under `state_dict`, `model_state_dict` or `model`, or such a name
 * within another; under names such as `ema` and `model_ema`, if there are only averaged ones; where
 * there is none (a tensor beside them, as a best accuracy, is none of the model's), in the dictionary
 * itself; or among the attributes of a TorchScript module. A prefix that all names share, such as
 * `module.`, is left out.
 *
 * @param part The name of the model's dictionary, if there is one of that name.
 * @throws {SyntaxError} if there are none, naming what there is, or if a tensor of the model has a
 *   type that is not read.
 * @throws {RangeError} if there are weights and averaged weights and `part` names neither.
 */
export function findStateDict(root: PickleValue, part?: string): StateDict {
  if (root instanceof ScriptObject) {
    return {
      tensors: withoutPrefixes(scriptTensors(root)),
      metadata: plainEntries(root.attributes),
    };
  }
  if (!(root instanceof Map)) {
    throw new SyntaxError("expected a dictionary of tensors, found something else");
  }
  const found = findNested(root, part, new Set());
  if (found !== undefined) return { ...found, tensors: withoutPrefixes(found.tensors) };
  const keys = [...root.keys()].filter((key) => typeof key === "string").slice(0, 8)
    .map((key) => shortened(JSON.stringify(key))).join(", ");
  throw new SyntaxError(
    `expected tensors, or a dictionary of them under one of ${NESTED.join(", ")}, or of averaged ` +
      `ones under ${AVERAGED.slice(0, 2).join(", ")}; found ` +
      (keys === "" ? "no names" : keys),
  );
}

function findNested(
  entries: ReadonlyMap<PickleValue, PickleValue>,
  part: string | undefined,
  seen: Set<unknown>,
): StateDict | undefined {
  if (seen.has(entries) || seen.size === MOST_NESTED) return undefined;
  seen.add(entries);
  const under = (name: string, part?: string): StateDict | undefined => {
    const inner = entries.get(name);
    const found = inner instanceof Map ? findNested(inner, part, seen) : undefined;
    if (found === undefined) return undefined;
    return { ...found, metadata: { ...plainEntries(entries), ...found.metadata } };
  };
  if (part !== undefined) {
    const asked = under(part);
    if (asked !== undefined) return { ...asked, part };
  }
  const first = (names: readonly string[]) => {
    for (const name of names) {
      const found = under(name, part);
      if (found !== undefined) return { name, found };
    }
    return undefined;
  };
  const [plain, averaged] = [first(NESTED), first(AVERAGED)];
  const deeper = [plain, averaged].find((each) => each?.found.part !== undefined);
  if (deeper !== undefined) return deeper.found;
  if (plain !== undefined && averaged !== undefined) {
    throw new RangeError(
      `it holds a model's weights ("${plain.name}") and their average over training ` +
        `("${averaged.name}"); say which as the part`,
    );
  }
  const nested = plain ?? averaged;
  if (nested !== undefined) return nested.found;
  const tensors = new Map<string, TorchTensor>();
  for (const [name, value] of entries) {
    if (value instanceof TorchTensor) tensors.set(keyText(name), value);
  }
  if (tensors.size === 0) return undefined;
  for (const [name, value] of entries) {
    if (!(value instanceof UnreadTensor)) continue;
    throw new SyntaxError(
      `tensor "${shortened(keyText(name))}" is of a kind that is not read: ${value.what}`,
    );
  }
  return { tensors, metadata: plainEntries(entries) };
}

function withoutPrefixes(all: ReadonlyMap<string, TorchTensor>): Map<string, TorchTensor> {
  const tensors = [...all].filter(([name]) => !COUNTERS.includes(name));
  let names = tensors.map(([name]) => name);
  for (let again = names.length > 0; again;) {
    again = false;
    for (const prefix of PREFIXES) {
      if (!names.every((name) => name.startsWith(prefix) && name.length > prefix.length)) continue;
      names = names.map((name) => name.slice(prefix.length));
      again = true;
    }
  }
  return new Map(names.map((name, i) => [name, tensors[i]![1]]));
}

/** `visual.conv1.weight` is the attribute `weight` of `conv1` of `visual`. */
function scriptTensors(root: ScriptObject): Map<string, TorchTensor> {
  const found = new Map<string, TorchTensor>();
  const within = new Set<ScriptObject>();
  let visited = 0;
  const visit = (object: ScriptObject, prefix: string): void => {
    if (within.has(object)) return;
    if (within.size === MOST_NESTED) {
      throw new SyntaxError(`expected modules nested at most ${MOST_NESTED} deep, found more`);
    }
    within.add(object);
    for (const [name, value] of object.attributes) {
      if (++visited > MOST_TENSORS) {
        throw new SyntaxError(`expected at most ${MOST_TENSORS} attributes, found more`);
      }
      if (value instanceof TorchTensor) found.set(prefix + name, value);
      else if (value instanceof ScriptObject) visit(value, `${prefix}${name}.`);
    }
    within.delete(object);
  };
  visit(root, "");
  if (found.size === 0) throw new SyntaxError("expected the tensors of a module, found none");
  return found;
}

function plainEntries(entries: ReadonlyMap<PickleValue, PickleValue>): Record<string, string> {
  const plain = [...entries].filter(([key, value]) =>
    typeof key === "string" && ["string", "number", "boolean"].includes(typeof value)
  );
  return Object.fromEntries(plain.map(([key, value]) => [String(key), String(value)]));
}
