import { expect } from "expect";
import { indexAddress, parseShardIndex } from "../../../plugins/captions/shard_index.ts";

Deno.test("indexAddress: the shard's name up to its first dot, whatever an address asks", () => {
  const names = {
    "https://a.org/b.c/d-0000.tar?token=1": "https://a.org/b.c/d-0000.idx?token=1",
    "hf:datasets/a/b/c.part.tar": "hf:datasets/a/b/c.idx",
    "c.tar": "c.idx",
  };
  for (const [shard, index] of Object.entries(names)) expect(indexAddress(shard)).toBe(index);
});

Deno.test("parseShardIndex: members of both versions, in their order", () => {
  const members = [
    { ending: "jpg", start: 512, size: 7 },
    { ending: "txt", start: 1536, size: 0 },
    { ending: "seg.png", start: 2560, size: 12 },
  ];
  const old = "v1.1 2\njpg 512 7 TXT 1536 0\nseg.png 2560 12\n";
  expect(parseShardIndex(old, "a.idx")).toEqual(members);
  const now = "v1.2 2\njpg 512 7 a.jpg TXT 1536 0 a.TXT\nseg.png 2560 12 b.seg.png";
  expect(parseShardIndex(now, "a.idx")).toEqual(members);
});

Deno.test("parseShardIndex: what is none, or is cut, is refused by its line", () => {
  const refused = {
    "": 'a.idx: expected v1.1 or v1.2 and a number of examples, found ""',
    "v1.3 1\njpg 512 7": "expected v1.1 or v1.2",
    "v1.2 many\n": "expected v1.1 or v1.2 and a number of examples",
    "v1.1 2\njpg 512 7\n": "a.idx: expected 2 lines after the first, found 1",
    "v1.1 1\njpg 512\n": "a.idx, line 2: expected an ending, an offset and a size for each member",
    "v1.1 1\njpg 512 -7\n": "a.idx, line 2",
    "v1.1 1\njpg 5e2 7\n": "a.idx, line 2",
    // A name with a space: where the next member begins is not known.
    "v1.2 1\njpg 512 7 a b.jpg txt 1536 2 a b.txt\n": "and a name without spaces",
    "<!doctype html>\n": 'found "<!doctype html>"',
  };
  for (const [text, message] of Object.entries(refused)) {
    expect(() => parseShardIndex(text, "a.idx")).toThrow(message);
  }
});
