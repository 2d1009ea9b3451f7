import { expect } from "expect";
import { parseJson } from "../../core/parse_json.ts";

Deno.test("parseJson: gives values, and names the text that is none", () => {
  expect(parseJson("a.json", '{"a":[1,"]"]}')).toEqual({ a: [1, "]"] });
  expect(() => parseJson("a.json, line 3", "{")).toThrow(/^a\.json, line 3: expected JSON \(.+\)$/);
});

Deno.test("parseJson: what is nested too deeply is refused, brackets in texts do not count", () => {
  const lists = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  expect(parseJson("a.json", lists(100))).toBeInstanceOf(Array);
  expect(() => parseJson("a.json", lists(101))).toThrow(
    new SyntaxError("a.json: expected JSON nested at most 100 deep, found more"),
  );
  expect(() => parseJson("a.json", `{"a":${lists(100)}}`)).toThrow("nested at most 100 deep");
  // Side by side they are not deep; neither are they in texts, behind quotes that are escaped too.
  expect(parseJson("a.json", `[${Array(200).fill("[]").join()}]`)).toHaveLength(200);
  const text = String.raw`\" [[ \\` + "[".repeat(200);
  expect(parseJson("a.json", JSON.stringify({ [text]: [text] }))).toEqual({ [text]: [text] });
});
