import { importLater } from "../../core/import_later.ts";
import { definePlugin, type Plugin } from "../../core/plugin.ts";

/** NegBench's training: captions that say what is not there, and questions with wrong answers. */
const plugin: Plugin = definePlugin({
  name: "negbench",
  data: {
    negFullTables: {
      description: "CC12M-NegCap and CC12M-NegMCQ, as NegBench's authors write them",
      load: async () =>
        (await importLater<typeof import("./tables.ts")>("./tables.ts", import.meta.url))
          .negFullTables,
    },
  },
  objectives: {
    negFullLoss: {
      description: "CLIP + NegFull: contrast, and a choice among a picture's own answers",
      load: async () =>
        (await importLater<typeof import("./loss.ts")>("./loss.ts", import.meta.url)).negFullLoss,
    },
    negFullRows: {
      description: "a picture, a caption that says what is not there, and a question's answers",
      load: async () =>
        (await importLater<typeof import("./rows.ts")>("./rows.ts", import.meta.url)).negFullRows,
    },
    negationQuestions: {
      description: "captions that say what is not there, and questions, by rule",
      load: async () =>
        (await importLater<typeof import("./questions.ts")>("./questions.ts", import.meta.url))
          .negationQuestions,
    },
  },
  negatives: {
    "negbench": async () =>
      (await importLater<typeof import("./questions.ts")>("./questions.ts", import.meta.url))
        .negationQuestions(),
  },
  recipes: {
    "negfull-vitb32": {
      description: "CLIP + NegFull fine-tunes OpenAI's ViT-B/32 on denials and questions",
      load: () => importLater("../../recipes/negfull_vitb32.ts", import.meta.url),
    },
    "negfull-tiny": {
      description: "CLIP + NegFull on the embedded tiny CLIP and its world of scenes",
      load: () => importLater("../../recipes/negfull_tiny.ts", import.meta.url),
    },
  },
  literature: async () =>
    (await importLater<typeof import("./literature.ts")>("./literature.ts", import.meta.url))
      .LITERATURE,
});

export default plugin;
