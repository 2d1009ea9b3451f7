import type { BertConfig } from "./bert_config.ts";

const BASE = { width: 768, layers: 12, heads: 12, hidden: 3072 };
const LARGE = { width: 1024, layers: 24, heads: 16, hidden: 4096 };

function bert(size: typeof BASE, vocabulary: number): BertConfig {
  return {
    ...{ family: "BERT", ...size, activation: "gelu", epsilon: 1e-12, norms: "sum" } as const,
    ...{ vocabulary, places: 512, types: 2, padding: 0, first: 0 },
  };
}

function roberta(
  family: "RoBERTa" | "XLM-RoBERTa",
  size: typeof BASE,
  vocabulary: number,
): BertConfig {
  return {
    ...{ family, ...size, activation: "gelu", epsilon: 1e-5, norms: "sum" } as const,
    ...{ vocabulary, places: 514, types: 1, padding: 1, first: 2 },
  };
}

/** As the `config.json` of each says: Devlin et al. 2019, Liu et al. 2019, Conneau et al. 2020. */
const KNOWN: Readonly<Record<string, BertConfig>> = {
  "bert-base-uncased": bert(BASE, 30522),
  "bert-base-cased": bert(BASE, 28996),
  "bert-large-uncased": bert(LARGE, 30522),
  "bert-large-cased": bert(LARGE, 28996),
  "roberta-base": roberta("RoBERTa", BASE, 50265),
  "roberta-large": roberta("RoBERTa", LARGE, 50265),
  "xlm-roberta-base": roberta("XLM-RoBERTa", BASE, 250002),
  "xlm-roberta-large": roberta("XLM-RoBERTa", LARGE, 250002),
};

/** Whose transformers open_clip takes too, by what their names have in them. */
const OTHERS: readonly (readonly [pattern: RegExp, family: string])[] = [
  [/mt5/, "mT5"],
  [/nllb/, "NLLB"],
];

/** The family of a name, if it is none of these but another that open_clip knows. */
export function otherFamily(name: string): string | undefined {
  return OTHERS.find(([pattern]) => pattern.test(name))?.[1];
}

/** The published transformer of a name, with or without its owner; of others undefined. */
export function knownBert(name: string): BertConfig | undefined {
  const short = name.replace(/^(google-bert|FacebookAI)\//, "");
  return Object.hasOwn(KNOWN, short) ? KNOWN[short] : undefined;
}

/** Says that a text tower is of a family that is not computed here. */
export function otherTower(path: string, what: string, family: string, name: string): string {
  return `${path}: not ${what} that is computed here: its text tower is ${family}, Hugging ` +
    `Face's ${name}; BERT, RoBERTa and XLM-RoBERTa are`;
}
