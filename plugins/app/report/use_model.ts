import type { Json, JsonObject } from "../../../core/component.ts";
import { type Html, html } from "./html.ts";

/**
 * Lines that use the model of a run; undefined where the run has not written it yet.
 *
 * @param files The names of the files in the model's folder.
 */
export function useModel(
  runFolder: string,
  recipe: Json | undefined,
  files: readonly string[],
): Html | undefined {
  const weights = files.find((file) => file.endsWith(".safetensors") && !file.startsWith("losses"));
  if (weights === undefined) return undefined;
  const { name, model } = (recipe ?? {}) as JsonObject;
  const folder = `${runFolder}/model`;
  const isTiny = (model as JsonObject | undefined)?.name === "tinyClip";
  const file = `${folder}/${weights}`;
  const uses: [string, string][] = [
    [
      "Score it",
      `deno task evaluate ${quoted(folder)} ${
        isTiny ? "scenes_compositional" : "sugar_crepe_pp --images data/coco/val2017"
      }`,
    ],
    ["In TypeScript", `const model = await loadModel(${JSON.stringify(folder)});`],
  ];
  if (typeof name === "string") {
    uses.push([
      "Train it further",
      `deno task recipe ${quoted(name)} ${quoted(`model.weights=${isTiny ? file : folder}`)}`,
    ]);
  }
  // The words of the tiny model are its own: Python's libraries have no tokenizer for them.
  if (!isTiny && files.includes("open_clip_config.json")) {
    uses.push([
      "In open_clip",
      `open_clip.create_model_and_transforms(${JSON.stringify(`local-dir:${folder}`)})`,
    ]);
  }
  if (!isTiny && files.includes("config.json")) {
    uses.push([
      "In transformers",
      `transformers.AutoModel.from_pretrained(${JSON.stringify(folder)})`,
    ]);
  }
  return html`<dl class="facts uses">${
    uses.map(([what, line]) =>
      html`
        <div>
          <dt>${what}</dt>
          <dd><code>${line}</code></dd>
        </div>
      `
    )
  }</dl>`;
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
