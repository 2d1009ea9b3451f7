import { expect } from "expect";
import type { Cleaning } from "../../../plugins/clip/clean_text.ts";
import { fileTokenizer } from "../../../plugins/clip/file_tokenizer.ts";

// Small tokenizers and what open_clip and transformers make of texts (tests/golden/README.md).
const golden = new URL("../../golden/tokenizers/", import.meta.url).pathname;

interface Golden {
  readonly texts: readonly string[];
  readonly cases: readonly {
    readonly name: string;
    readonly folder: string;
    readonly context: number;
    readonly options: {
      readonly clean?: Cleaning;
      readonly strip_sep_token?: boolean;
      readonly tokenizer_mode?: "clips";
    };
    readonly ids: readonly (readonly number[])[];
  }[];
}

const { texts, cases } = JSON.parse(Deno.readTextFileSync(`${golden}ids.json`)) as Golden;
const filesOf = (folder: string) => ({
  tokenizer: `${golden}${folder}/tokenizer.json`,
  config: `${golden}${folder}/tokenizer_config.json`,
});

for (const { name, folder, context, options, ids } of cases) {
  Deno.test(`fileTokenizer: ids of ${name} are those of its library`, async () => {
    const tokenizer = await fileTokenizer(filesOf(folder), {
      cleaning: options.clean ?? "whitespace",
      full: true,
      stripSeparator: options.strip_sep_token === true,
      clips: options.tokenizer_mode === "clips",
    });
    for (const [i, text] of texts.entries()) {
      expect([text, tokenizer.encode(text, context)]).toEqual([text, ids[i]]);
    }
  });
}

Deno.test("fileTokenizer: padding that the text tower takes for a token is refused", async () => {
  const files = filesOf("roberta");
  const options = { cleaning: "whitespace", full: false } as const;
  const tokenizer = await fileTokenizer(files, { ...options, padding: 1 });
  expect(tokenizer.padding).toBe(1);
  // Not filled: towers that do not see padding take texts as long as they are.
  expect(tokenizer.encode("", 20)).toEqual([0, 2]);
  await expect(fileTokenizer(files, { ...options, padding: 0 })).rejects.toThrow(
    `${files.config}: pad_token: expected the token 0, which the text tower takes for padding, found 1`,
  );
});
