import { expect } from "expect";
import { createAssets } from "../../../core/host/assets/create_assets.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import plugin from "../../../plugins/lora/plugin.ts";
import { adaptersOnTheirBase } from "../../../plugins/lora/adapters_on_their_base.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const golden = new URL("../../golden/", import.meta.url).pathname;

Deno.test("adaptersOnTheirBase: finds the base by the adapters' description, and says which", () =>
  withFolder(async (folder) => {
    const source = `${golden}adapters/lora`;
    const adapter = `${folder}/adapter`;
    await Deno.mkdir(adapter);
    await Deno.copyFile(
      `${source}/adapter_model.safetensors`,
      `${adapter}/adapter_model.safetensors`,
    );
    const config = JSON.parse(await Deno.readTextFile(`${source}/adapter_config.json`));
    const base = `${golden}family_folders/siglip`;
    const write = (base: string | null) =>
      Deno.writeTextFile(
        `${adapter}/adapter_config.json`,
        JSON.stringify({ ...config, base_model_name_or_path: base }),
      );
    using images = createPicturePool({ workers: 0 });
    const log: string[] = [];
    const assets = createAssets({ cache: `${folder}/.cache`, offline: true });
    const context = { assets, images, log: (line: string) => log.push(line) };
    await write(null);
    const model = await plugin.models!["lora"]!.source(`lora:${adapter}`, {});
    await expect(model!.load(context)).rejects.toThrow("expected adapters that name their base");
    await write(base);
    const { parameters } = await adaptersOnTheirBase({ adapter }).load(context);
    expect(log[0]).toBe(`${adapter}: adapters around ${base}`);
    expect(parameters.some(({ name }) => name.endsWith("fc1.lora_A.weight"))).toBe(true);
    // Another's model is no place for them.
    await write(`${golden}family_folders/clipa`);
    await expect(adaptersOnTheirBase({ adapter }).load(context)).rejects.toThrow(
      "expected adapters of the model's linear layers, found one of",
    );
    expect(await plugin.models!["lora"]!.source(adapter, {})).toBeUndefined();
  }));
