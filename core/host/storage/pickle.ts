/**
 * Python's pickle format, read as data: no class is looked up and no code runs. What a pickle asks
 * for by name is answered by the caller, or refused.
 *
 * @module
 */

/**
 * What a pickle holds: `null`, booleans, numbers (bigints past 2^53), strings, bytes as
 * `Uint8Array`, lists and tuples as arrays, dictionaries as `Map`, sets as `Set`, and whatever a
 * {@linkcode PickleGlobal} makes.
 */
export type PickleValue = unknown;

/** A class or function that a pickle names. */
export class PickleGlobal {
  /**
   * Says what the name stands for.
   *
   * @param name With its module: `"collections.OrderedDict"`.
   * @param call What calling it gives, or making an instance of it; undefined if neither is allowed.
   */
  constructor(
    readonly name: string,
    readonly call?: (args: readonly PickleValue[]) => PickleValue,
  ) {}
}

/** An object that takes the state which a pickle gives it. */
export interface PickleObject {
  /** Takes the state: as a rule a dictionary of attributes. */
  setState(state: PickleValue): void;
}

/** Answers what a pickle asks of the world. */
export interface PickleWorld {
  /** What a name stands for; undefined if it is refused. */
  global(name: string): PickleGlobal | undefined;
  /** What a persistent id stands for, such as a storage of tensor values. */
  persistent(id: PickleValue): PickleValue;
}

/** The most bytes of a whole number; none that a checkpoint keeps has more than eight. */
const LONGEST_NUMBER = 1024;

/**
 * The text of a key of a dictionary.
 *
 * @throws {SyntaxError} if it is another value.
 */
export function keyText(key: PickleValue): string {
  if (typeof key === "string" || typeof key === "number") return String(key);
  throw new SyntaxError("it has a key that is no text where a name is due");
}

/** A pickle ends before its last instruction: more bytes may follow in the file. */
export class PickleTooShort extends Error {
  /** Always `"PickleTooShort"`. */
  override readonly name = "PickleTooShort";
}

/**
 * Reads one pickle, protocols 2 to 5.
 *
 * @param bytes What holds the pickle; other data may follow it.
 * @param start Where the pickle begins.
 * @returns the value, and the place after the pickle.
 * @throws {PickleTooShort} if the bytes end first.
 * @throws {SyntaxError} if an instruction is unknown, or asks for what the world refuses, naming it.
 */
export function unpickle(
  bytes: Uint8Array<ArrayBuffer>,
  start: number,
  world: PickleWorld,
): { readonly value: PickleValue; readonly end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const memo = new Map<number, PickleValue>();
  const marked: PickleValue[][] = [];
  let stack: PickleValue[] = [];
  let at = start;

  const fail = (fault: string): never => {
    throw new SyntaxError(`byte ${at} of its pickle: ${fault}`);
  };
  const advance = (count: number): number => {
    if (!Number.isSafeInteger(count) || count < 0) fail(`a length of ${count}`);
    if (at + count > bytes.length) throw new PickleTooShort("the pickle is cut short");
    at += count;
    return at - count;
  };
  const u8 = () => view.getUint8(advance(1));
  const u16 = () => view.getUint16(advance(2), true);
  const u32 = () => view.getUint32(advance(4), true);
  const u64 = () => Number(view.getBigUint64(advance(8), true));
  const data = (count: number) => {
    const from = advance(count);
    return bytes.slice(from, from + count);
  };
  const text = (count: number) => new TextDecoder().decode(data(count));
  const line = () => {
    const end = bytes.indexOf(10, at);
    if (end === -1) throw new PickleTooShort("the pickle is cut short");
    const found = text(end - at);
    at++;
    return found;
  };
  const push = (value: PickleValue) => void stack.push(value);
  const pop = (): PickleValue => stack.length > 0 ? stack.pop() : fail("the stack is empty");
  const top = (): PickleValue => stack.length > 0 ? stack.at(-1) : fail("the stack is empty");
  const popMark = (): PickleValue[] => {
    const items = stack;
    stack = marked.pop() ?? fail("there is no mark");
    return items;
  };
  const popTuple = (): PickleValue[] => {
    const value = pop();
    return Array.isArray(value) ? value : fail("expected a tuple");
  };
  const dictionary = (value: PickleValue) =>
    value instanceof Map ? value : fail("expected a dictionary");
  const list = (value: PickleValue) => Array.isArray(value) ? value : fail("expected a list");
  const setItems = (target: Map<PickleValue, PickleValue>, items: readonly PickleValue[]) => {
    if (items.length % 2 !== 0) fail("a key without a value");
    for (let i = 0; i < items.length; i += 2) target.set(items[i], items[i + 1]);
  };
  const addItems = (items: readonly PickleValue[]) => {
    const target = top();
    if (!(target instanceof Set)) return fail("expected a set");
    for (const item of items) target.add(item);
  };
  const global = (module: PickleValue, attribute: PickleValue) => {
    if (typeof module !== "string" || typeof attribute !== "string") fail("a name that is no text");
    const name = `${module}.${attribute}`;
    const found = world.global(name);
    if (found !== undefined) return push(found);
    throw new SyntaxError(
      `it asks for ${name}, which is refused (nothing was run): only tensors and plain containers ` +
        "are read, such as a state_dict() saved by itself",
    );
  };
  const call = (target: PickleValue, args: readonly PickleValue[]) => {
    if (!(target instanceof PickleGlobal)) return fail("a call of what is no class or function");
    push(target.call === undefined ? fail(`a call of ${target.name}`) : target.call(args));
  };
  const build = () => {
    const state = pop();
    const target = top();
    // An ordered dictionary's attributes (PyTorch's `_metadata`) are no part of its contents.
    if (target instanceof Map) return;
    if (isPickleObject(target)) return target.setState(state);
    fail("a state for what can take none");
  };
  const remembered = (key: number): PickleValue =>
    memo.has(key) ? memo.get(key) : fail(`nothing was remembered under ${key}`);

  // Named as in Python's pickletools.
  const instructions: Readonly<Record<string, () => void>> = {
    "\x80": () => {
      const protocol = u8();
      if (protocol < 2 || protocol > 5) fail(`protocol ${protocol}, expected 2 to 5`);
    },
    "\x95": () => void u64(), // FRAME
    "(": () => {
      marked.push(stack);
      stack = [];
    },
    "0": () => void pop(),
    "1": () => void popMark(),
    "2": () => push(top()),
    "N": () => push(null),
    "\x88": () => push(true),
    "\x89": () => push(false),
    "J": () => push(view.getInt32(advance(4), true)),
    "K": () => push(u8()),
    "M": () => push(u16()),
    "\x8a": () => push(signed(data(u8()))),
    "\x8b": () => {
      const length = u32();
      if (length > LONGEST_NUMBER) fail(`a whole number of ${length} bytes`);
      push(signed(data(length)));
    },
    "G": () => push(view.getFloat64(advance(8), false)),
    "X": () => push(text(u32())),
    "\x8c": () => push(text(u8())),
    "\x8d": () => push(text(u64())),
    // Strings of Python 2, which are bytes; what PyTorch keeps in them is ASCII.
    "T": () => push(text(u32())),
    "U": () => push(text(u8())),
    "B": () => push(data(u32())),
    "C": () => push(data(u8())),
    "\x8e": () => push(data(u64())),
    "]": () => push([]),
    "}": () => push(new Map()),
    "\x8f": () => push(new Set()),
    ")": () => push([]),
    "l": () => push(popMark()),
    "t": () => push(popMark()),
    "\x85": () => push([pop()]),
    "\x86": () => push([pop(), pop()].reverse()),
    "\x87": () => push([pop(), pop(), pop()].reverse()),
    "d": () => {
      const items = popMark();
      const target = new Map<PickleValue, PickleValue>();
      setItems(target, items);
      push(target);
    },
    "a": () => {
      const item = pop();
      list(top()).push(item);
    },
    "e": () => {
      const items = popMark();
      const target = list(top());
      for (const item of items) target.push(item);
    },
    "s": () => {
      const items = [pop(), pop()].reverse();
      setItems(dictionary(top()), items);
    },
    "u": () => {
      const items = popMark();
      setItems(dictionary(top()), items);
    },
    "\x90": () => {
      const items = popMark();
      addItems(items);
    },
    "\x91": () => push(new Set(popMark())),
    "q": () => void memo.set(u8(), top()),
    "r": () => void memo.set(u32(), top()),
    "\x94": () => void memo.set(memo.size, top()),
    "h": () => push(remembered(u8())),
    "j": () => push(remembered(u32())),
    "c": () => global(line(), line()),
    "\x93": () => {
      const attribute = pop();
      global(pop(), attribute);
    },
    "R": () => {
      const args = popTuple();
      call(pop(), args);
    },
    "\x81": () => {
      const args = popTuple();
      call(pop(), args);
    },
    "b": build,
    "Q": () => push(world.persistent(pop())),
  };

  while (true) {
    const code = String.fromCharCode(u8());
    if (code === ".") return { value: pop(), end: at };
    const instruction = Object.hasOwn(instructions, code) ? instructions[code]! : undefined;
    if (instruction === undefined) return fail(`the instruction ${JSON.stringify(code)}`);
    instruction();
  }
}

function isPickleObject(value: PickleValue): value is PickleObject {
  return typeof value === "object" && value !== null && "setState" in value;
}

/** A whole number in two's complement, least byte first; a bigint where a double has no room. */
function signed(bytes: Uint8Array): number | bigint {
  const value = bytes.length === 0 ? 0n : BigInt(`0x${bytes.toReversed().toHex()}`);
  const result = BigInt.asIntN(8 * bytes.length, value);
  const number = Number(result);
  return Number.isSafeInteger(number) ? number : result;
}
