import { escapeCell } from "../results/format_comparison.ts";
import { type CardMetadata, frontMatter } from "./front_matter.ts";

/** What a model card says. */
export interface CardFacts extends CardMetadata {
  /** What the model is, in a sentence. */
  readonly summary: string;
  /** What it was made from, and how: a row each. */
  readonly how: readonly (readonly [string, string])[];
  /** Its scores, in Markdown. */
  readonly scores: string;
  /** BibTeX of what is to be cited. */
  readonly references: readonly string[];
}

/** What a card says of a model that nobody has scored. */
export const NOT_SCORED = "It was not scored.";

/**
 * A model card: metadata for the hub, then for people what the model is, what it was made from and how,
 * its scores, how it is used, what it cannot do, and what to cite.
 */
export function formCard(facts: CardFacts): string {
  const { name, summary, how, scores, files, references } = facts;
  const sections = [
    `# ${name}`,
    summary,
    ["## How it was made", table(how)].join("\n\n"),
    ["## Scores", scores].join("\n\n"),
    ["## Use", useText(files)].join("\n\n"),
    ["## Limits", LIMITS].join("\n\n"),
    ...references.length === 0
      ? []
      : [["## Citation", `\`\`\`bibtex\n${references.join("\n\n")}\n\`\`\``].join("\n\n")],
  ];
  return `${frontMatter(facts)}\n${sections.join("\n\n")}\n`;
}

function useText(files: readonly string[]): string {
  if (files.includes("onnx")) {
    return "The graphs in `onnx/` (`vision_model`, `text_model`, and both as `model` where a file has " +
      "room for them), the configuration, preprocessing and tokenizer are in the layout of " +
      "transformers.js and optimum.";
  }
  const open = files.includes("open_clip_config.json")
    ? 'model, _, preprocess = open_clip.create_model_and_transforms("local-dir:.")'
    : 'model = CLIPModel.from_pretrained(".")';
  const language = "```";
  return [
    `${language}ts\nimport { loadModel } from "@syntagma/syntagma/models";\n\n` +
    'await using model = await loadModel(".");\n' +
    'const { cosines } = await model.similarity(["photo.jpg"], ["a caption", "another"]);\n' +
    language,
    `The files are in the layout of ${
      files.includes("open_clip_config.json") ? "open_clip" : "transformers"
    }: \`${open}\`, unless the tokenizer is of this project's small model.`,
  ].join("\n\n");
}

const LIMITS =
  "It inherits what its base model can and cannot do, the base model's licence, and the biases of " +
  "the data of both trainings. Scores hold for these data sets; a benchmark of compositionality can " +
  "be answered in part from the texts alone. A cosine or a softmax over captions says which fits " +
  "best, not whether any is true. It was made for research and has not been examined for use on " +
  "people.";

function table(rows: readonly (readonly [string, string])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeCell).join(" | ")} |`;
  return [line(["", ""]), "| --- | --- |", ...rows.map(line)].join("\n");
}
