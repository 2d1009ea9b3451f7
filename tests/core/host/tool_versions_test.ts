import { expect } from "expect";
import { toolVersions } from "../../../core/host/tool_versions.ts";
import wink from "wink-nlp/package.json" with { type: "json" };
import zod from "zod/package.json" with { type: "json" };

Deno.test("toolVersions: the packages' own versions, by name, with this project and Deno", () => {
  const all = toolVersions();
  expect(all).toMatchObject({
    "@syntagma/syntagma": "0.1.0",
    "wink-nlp": wink.version,
    zod: zod.version,
    deno: Deno.version.deno,
  });
  // Mapped by a path inside it, and by a name with a slash.
  expect(all["onnxruntime-web"]).toMatch(/^\d+\.\d+\.\d+$/);
  expect(all["@huggingface/transformers"]).toMatch(/^\d+\.\d+\.\d+$/);
  expect(Object.keys(toolVersions(["zod"])).toSorted())
    .toEqual(["@syntagma/syntagma", "deno", "platform", "v8", "zod"]);
  expect(() => toolVersions(["left-pad"])).toThrow('found "left-pad"');
});
