import { expect } from "expect";
import exporting from "../../../../plugins/export/commands/export_command.ts";
import plugin from "../../../../plugins/export/plugin.ts";
import { runCommand } from "../../../helpers/run_command.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

const golden = new URL("../../../golden/family_folders/", import.meta.url).pathname;

Deno.test("export: writes the layout of transformers.js, and says what it cannot", () =>
  withFolder(async (folder) => {
    expect((await plugin.commands!["export"]!.load()).default).toBe(exporting);
    const to = `${folder}/out`;
    const written = await runCommand("export", `${golden}siglip`, to, "--precision", "float16");
    expect([written.code, written.err]).toEqual([0, ""]);
    const names = (at: string) => [...Deno.readDirSync(at)].map((each) => each.name).toSorted();
    expect(names(`${to}/onnx`)).toEqual([
      "model_fp16.onnx",
      "text_model_fp16.onnx",
      "vision_model_fp16.onnx",
    ]);
    expect(names(to)).toEqual([
      ...["README.md", "config.json", "onnx", "preprocessor_config.json", "tokenizer.json"],
      "tokenizer_config.json",
    ]);
    const card = Deno.readTextFileSync(`${to}/README.md`);
    expect(card).toContain('library_name: "transformers.js"');
    expect(card).toContain("| Precision | float16 |");
    expect(card).toContain("The graphs in `onnx/`");
    const refused = await runCommand("export", "tiny", `${folder}/other`);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain("export: expected a model with a tokenizer that other programs");
  }));
