import { expect } from "expect";
import { parsePython } from "../../core/parse_python.ts";

Deno.test("parsePython: texts in either quotes, with what Python escapes", () => {
  // What repr(["a 'b'", 'c "d"', "e'\"f", "g\nh\\", "\x85", "é", ""]) of Python 3.13 shows.
  const shown = String.raw`["a 'b'", 'c "d"', 'e\'"f', 'g\nh\\', '\x85', 'é', '']`;
  expect(parsePython(shown)).toEqual(["a 'b'", 'c "d"', "e'\"f", "g\nh\\", "\x85", "é", ""]);
  expect(parsePython(String.raw`'\U0001f408 \u00e9'`)).toBe("🐈 é");
});

Deno.test("parsePython: numbers, words, lists, tuples and dicts", () => {
  expect(parsePython("{'of': 5, 'missing': ['a', (1,), ()], 'b': {True: 1}}")).toBe(undefined);
  expect(parsePython("{'of': -5.25e-3, 'missing': [None, (1,), ()], 'b': {}}"))
    .toEqual({ of: -0.00525, missing: [null, [1], []], b: {} });
  expect(parsePython("(True, False)")).toEqual([true, false]);
});

Deno.test("parsePython: what is no literal is undefined", () => {
  for (
    const text of ["", "array([1, 2])", "['a", "[1 2]", "nan", "{'a'}", "f'a'", "[1,,2]", "[,]"]
  ) {
    expect({ text, value: parsePython(text) }).toEqual({ text, value: undefined });
  }
});
