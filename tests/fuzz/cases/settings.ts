import type { Tokenizer } from "../../../core/model.ts";
import { overrideRecipe } from "../../../core/override.ts";
import { splitDescription } from "../../../plugins/clic/split_description.ts";
import { clipTokenizer } from "../../../plugins/clip/tokenizer.ts";
import recipe from "../../../recipes/clic_tiny.ts";
import { bytesOf, type FuzzCase, type Reading } from "../fuzz_case.ts";

const nothing: Reading = { faults: 0 };

const assignments = [
  "batch=32",
  "optimizer.lr=3e-6",
  "optimizer.betas.1=0.98",
  "objectives.clic.loss.uniModal=0.5",
  "evaluators.0.items=100",
  'evaluators=["scenesPairs"]',
  "evaluators=scenesPairs,scenesRetrieval",
  "after=none",
  'frozen=["image"]',
  "data.objects=[1,2]",
  "schedule.warmup=0.1",
];

const texts = [
  "A lamp on a desk, lit. It's a café's; “ﬁne” &amp; ＦＵＬＬ — naïve 猫 🐈!",
  "Two dogs (one brown, one white) run at 3.5 km/h. The U.S. flag hangs behind, e.g. on a wall.",
  "schÃ¶n â€œquotedâ€\u009d a <|endoftext|> b <end_of_text> ΟΔΟΣ e\u0301",
];

const tokenizers = new Map<string, Tokenizer>();

/** What comes as words: settings on the command line, captions. */
export const words: readonly FuzzCase[] = [
  {
    name: "settings",
    file: "settings.txt",
    form: "text",
    // Whether an error names the setting is asked below, for each of them.
    named: "",
    valid: () => Promise.resolve([bytesOf(assignments.join("\n"))]),
    read: async (path) => {
      const lines = (await Deno.readTextFile(path)).split("\n");
      overrideRecipe(recipe, lines);
      return nothing;
    },
  },
  {
    name: "tokens",
    file: "caption.txt",
    form: "text",
    named: "",
    valid: () => Promise.resolve(texts.map(bytesOf)),
    read: async (path) => {
      const text = await Deno.readTextFile(path);
      for (const reference of ["openai", "open_clip", "transformers"] as const) {
        tokenizers.set(reference, tokenizers.get(reference) ?? await clipTokenizer(reference));
        const ids = tokenizers.get(reference)!.encode(text, 77);
        const wrong = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= 49408);
        if (wrong !== undefined || ids.length > 77 || ids[0] !== 49406 || ids.at(-1) !== 49407) {
          throw new Error(`undefined: ${reference} gives ${ids}`);
        }
      }
      return nothing;
    },
  },
  {
    name: "sentences",
    file: "description.txt",
    form: "text",
    named: "",
    valid: () => Promise.resolve(texts.map(bytesOf)),
    read: async (path) => {
      const text = await Deno.readTextFile(path);
      for (const preset of ["released", "strict"] as const) splitDescription(text, { preset });
      return nothing;
    },
  },
];
