import type { PickleValue } from "./pickle.ts";
import { ScriptObject } from "./torch_globals.ts";
import { TorchTensor } from "./torch_tensor.ts";

/** The tensors of a model in what a checkpoint holds. */
export interface StateDict {
  /** By name, in the order of the file. */
  readonly tensors: ReadonlyMap<string, TorchTensor>;
  /** Words, numbers and truth values that stand beside them, as text. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Under which names training programs keep the model's tensors, beside optimiser and epoch. */
const NESTED = ["state_dict", "model_state_dict", "model"];

/** No program nests more under these names; a chain of dictionaries without end is not followed. */
const MOST_NESTED = 64;

/** What wrappers put before every name: data-parallel training, compilation, a module's attribute. */
const PREFIXES = ["module.", "_orig_mod.", "model."];

/** No checkpoint has more; a script's objects that contain each other would never end. */
const MOST_TENSORS = 1_000_000;

/**
 * Finds the model's tensors: under `state_dict`, `model_state_dict` or `model`, or such a name
 * within another; where there is none (a tensor beside them, as a best accuracy, is none of the
 * model's), in the dictionary itself; or among the attributes of a TorchScript module. A prefix that
 * all names share, such as `module.`, is left out.
 *
 * @throws {SyntaxError} if there are none, naming what there is.
 */
export function findStateDict(root: PickleValue): StateDict {
  if (root instanceof ScriptObject) {
    return {
      tensors: withoutPrefixes(scriptTensors(root)),
      metadata: plainEntries(root.attributes),
    };
  }
  if (!(root instanceof Map)) {
    throw new SyntaxError("expected a dictionary of tensors, found something else");
  }
  const found = findNested(root, new Set());
  if (found !== undefined) return { ...found, tensors: withoutPrefixes(found.tensors) };
  const keys = [...root.keys()].slice(0, 8).map((key) => JSON.stringify(String(key))).join(", ");
  throw new SyntaxError(
    `expected tensors, or a dictionary of them under one of ${NESTED.join(", ")}; found ` +
      (keys === "" ? "an empty dictionary" : keys),
  );
}

function findNested(
  entries: ReadonlyMap<PickleValue, PickleValue>,
  seen: Set<unknown>,
): StateDict | undefined {
  if (seen.has(entries) || seen.size === MOST_NESTED) return undefined;
  seen.add(entries);
  for (const name of NESTED) {
    const inner = entries.get(name);
    const found = inner instanceof Map ? findNested(inner, seen) : undefined;
    if (found !== undefined) {
      return { ...found, metadata: { ...plainEntries(entries), ...found.metadata } };
    }
  }
  const tensors = new Map<string, TorchTensor>();
  for (const [name, value] of entries) {
    if (value instanceof TorchTensor) tensors.set(String(name), value);
  }
  return tensors.size === 0 ? undefined : { tensors, metadata: plainEntries(entries) };
}

function withoutPrefixes(tensors: ReadonlyMap<string, TorchTensor>): Map<string, TorchTensor> {
  let names = [...tensors.keys()];
  for (let again = true; again;) {
    again = false;
    for (const prefix of PREFIXES) {
      if (!names.every((name) => name.startsWith(prefix) && name.length > prefix.length)) continue;
      names = names.map((name) => name.slice(prefix.length));
      again = true;
    }
  }
  const values = [...tensors.values()];
  return new Map(names.map((name, i) => [name, values[i]!]));
}

/** `visual.conv1.weight` is the attribute `weight` of `conv1` of `visual`. */
function scriptTensors(root: ScriptObject): Map<string, TorchTensor> {
  const found = new Map<string, TorchTensor>();
  const within = new Set<ScriptObject>();
  let visited = 0;
  const visit = (object: ScriptObject, prefix: string): void => {
    if (within.has(object)) return;
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
