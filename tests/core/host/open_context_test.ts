import { expect } from "expect";
import { encode } from "fast-png";
import { openContext } from "../../../core/host/open_context.ts";
import { withFolder } from "../../helpers/with_folder.ts";

Deno.test("openContext: reads files, decodes pictures, and tells whoever listens", () =>
  withFolder(async (folder) => {
    const lines: string[] = [];
    using context = openContext((line) => lines.push(line));
    // Two pixels, red and blue.
    const data = Uint8Array.of(255, 0, 0, 0, 0, 255);
    await Deno.writeFile(`${folder}/two.png`, encode({ width: 2, height: 1, data, channels: 3 }));
    const file = await context.assets.file(`${folder}/two.png`);
    expect(file).toBe(`${folder}/two.png`);
    const from = { left: 1, top: 0, width: 1, height: 1 };
    const cut = await context.images.decode(file, { kind: "cut", from, size: 1 });
    expect([...cut.data]).toEqual([0, 0, 255]);
    context.log("told");
    expect(lines).toEqual(["told"]);
  }));
