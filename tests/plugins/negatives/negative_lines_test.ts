import { expect } from "expect";
import { createAssets } from "../../../core/host/assets/create_assets.ts";
import { createRandom } from "../../../core/random.ts";
import { parseShortLine } from "../../../plugins/negatives/frozen_format.ts";
import { frozenNegatives } from "../../../plugins/negatives/frozen_negatives.ts";
import { memoryDataSet } from "../../helpers/memory_data_set.ts";
import { withFolder } from "../../helpers/with_folder.ts";

Deno.test("frozenNegatives: reads a file of lines that others made, with gaps where a caption has fewer", () =>
  withFolder(async (folder) => {
    const path = `${folder}/llm.jsonl`;
    const lines = [
      { caption: "a cat", negatives: ["a dog", null] },
      { caption: "two", negatives: ["three"] },
    ];
    // As Windows ends lines, and with an empty one.
    await Deno.writeTextFile(path, lines.map((line) => `${JSON.stringify(line)}\r\n`).join("\r\n"));
    const said: string[] = [];
    const context = {
      assets: createAssets({ cache: "/nonexistent", offline: true }),
      data: memoryDataSet([]),
      log: (line: string) => said.push(line),
      rehearsal: false,
    };
    const negatives = await frozenNegatives({ path, slots: 2 }).prepare!(context);
    const random = createRandom(1);
    expect(await negatives.generate("a cat", random)).toEqual(["a dog", null]);
    expect(await negatives.generate("two", random)).toEqual(["three", null]);
    expect(said).toEqual([`negatives of 2 captions from ${path}`]);
    await expect(negatives.generate("a bird", random)).rejects.toThrow('found none of "a bird"');
    await expect(frozenNegatives({ path, slots: 1 }).prepare!(context)).rejects
      .toThrow("line 1: expected at most 1 negatives, as slots says, found 2");
    expect(() => parseShortLine("x, line 3", '{"caption": 1}', 2)).toThrow("x, line 3");
  }));
