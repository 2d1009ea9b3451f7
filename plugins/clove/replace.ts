import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { Random } from "../../core/random.ts";
import { areAlikePrepositions } from "../language/prepositions.ts";
import { copyCase } from "../language/copy_case.ts";
import { isWordProposer, type Proposal, type WordProposer } from "../language/word_proposer.ts";
import { mendArticle } from "../language/mend_article.ts";
import type { NegativeGenerator } from "../../core/negative_generator.ts";
import type { Tag } from "../language/tag.ts";
import type { TaggedToken } from "../language/tagger.ts";
import { winkTagger } from "../language/wink_tagger.ts";
import { wordnet } from "../language/wordnet_proposer.ts";
import { parseCaption, type Scene } from "./parse_caption.ts";
import { PREPOSITIONS } from "./prepositions.ts";
import { weightedSample } from "./weighted_sample.ts";

/** Options of {@linkcode replace}. */
export interface ReplaceOptions {
  /** Proposes words for nouns, pronouns, verbs and adjectives. Default {@linkcode wordnet}. */
  readonly proposer?: WordProposer;
  /**
   * Whether captions are left without a negative that speak of fewer than 2 entities, or have
   * neither a relation nor a modifier: `"released"`, the default, or `"never"`.
   */
  readonly skip?: "released" | "never";
  /**
   * Whether a determiner counts as a modifier when captions are skipped, so that "a dog and a cat" is
   * none. Default `true`, as released.
   */
  readonly determiners?: boolean;
  /** Replacements that are drawn for each span before one of all is picked. Default 2. */
  readonly choices?: number;
  /**
   * The values of the options that follow, where they are not given: `"strict"` (the default) leaves
   * out what is no negative of its caption or not English, `"released"` does as the authors' code
   * does.
   */
  readonly preset?: "released" | "strict";
  /**
   * Whether a preposition may be replaced by any other of the list (`"any"`, released), or only by
   * one that says something else (`"distinct"`, strict): not "on" by "upon".
   */
  readonly prepositions?: "any" | "distinct";
  /**
   * Whether an "a" or "an" before the new word is made to fit it. Released: `"keep"`, strict:
   * `"mend"`.
   */
  readonly articles?: "keep" | "mend";
}

const presets = {
  released: { prepositions: "any", articles: "keep" },
  strict: { prepositions: "distinct", articles: "mend" },
} as const;

const schema = z.strictObject({
  proposer: z.custom<WordProposer>(isWordProposer, { error: "expected a proposer of words" })
    .default(() => wordnet()),
  skip: z.enum(["released", "never"]).default("released"),
  determiners: z.boolean().default(true),
  choices: z.int().min(1).default(2),
  preset: z.enum(["released", "strict"]).default("strict"),
  prepositions: z.enum(["any", "distinct"]),
  articles: z.enum(["keep", "mend"]),
});

/** What WordNet knows: the other parts of speech are never replaced, whatever a proposer says. */
const REPLACED: ReadonlySet<Tag> = new Set<Tag>(["NOUN", "PRON", "PROPN", "VERB", "ADJ", "ADV"]);

/**
 * CLoVe's hard negative, REPLACE (Castro et al. 2024, section 3.2): the caption with one of its
 * nouns, adjectives, verbs or prepositions replaced by another word.
 *
 * {@linkcode parseCaption} finds the spans: the heads of the entities, their modifiers, the relations.
 * For each span up to 2 replacements are drawn, by their weights and without replacement: words of the
 * proposer, or, for a preposition, others of a fixed list by their frequency. One of all that were
 * drawn, each as likely as any other, is the negative.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { createRandom } from "@syntagma/syntagma";
 * import { replace } from "@syntagma/syntagma/clove";
 *
 * const [negative] = await replace().generate("a dog under a table", createRandom(1));
 * console.assert(negative !== null && negative !== "a dog under a table");
 * ```
 */
export const replace: (options?: ReplaceOptions) => NegativeGenerator = defineComponent({
  name: "replace",
  schema,
  presets,
  make: ({ proposer, ...settings }) => {
    const tagger = winkTagger();
    return {
      slots: 1,
      prepare: async (context) =>
        replace({ ...settings, proposer: await proposer.prepare?.(context) ?? proposer }),
      async generate(caption: string, random: Random): Promise<readonly (string | null)[]> {
        const tokens = tagger.tag(caption);
        const scene = parseCaption(tokens);
        if (settings.skip === "released" && isSkipped(scene, tokens, settings.determiners)) {
          return [null];
        }
        const drawn: (readonly [Span, string])[] = [];
        for (const span of spansOf(scene)) {
          const proposals = span.kind === "preposition"
            ? otherPrepositions(textOf(span, caption, tokens), settings.prepositions)
            : REPLACED.has(tokens[span.start]!.tag)
            ? await proposer.propose(caption, tokens, span.start, random)
            : [];
          for (const { word } of weightedSample(proposals, settings.choices, random)) {
            drawn.push([span, word]);
          }
        }
        if (drawn.length === 0) return [null];
        const [span, word] = random.pick(drawn);
        return [insert(span, word, caption, tokens, settings.articles)];
      },
    };
  },
});

/** What may be replaced as a whole: tokens from `start` up to `end`, exclusive. */
interface Span {
  readonly kind: "word" | "preposition";
  readonly start: number;
  readonly end: number;
}

function spansOf({ entities, relations }: Scene): readonly Span[] {
  const word = (index: number): Span => ({ kind: "word", start: index, end: index + 1 });
  return [
    ...entities.map(({ head }) => word(head)),
    ...entities.flatMap(({ modifiers }) => modifiers.map(word)),
    ...relations.map(({ kind, start, end }): Span =>
      kind === "preposition" ? { kind, start, end } : word(start)
    ),
  ];
}

function isSkipped(
  { entities, relations }: Scene,
  tokens: readonly TaggedToken[],
  determiners: boolean,
): boolean {
  const counts = (index: number) => determiners || tokens[index]!.tag !== "DET";
  const modified = entities.some(({ modifiers }) => modifiers.some(counts));
  return entities.length < 2 || (relations.length === 0 && !modified);
}

/** The prepositions that may replace one, in lower case. */
function otherPrepositions(
  original: string,
  prepositions: "any" | "distinct",
): readonly Proposal[] {
  const plain = original.toLowerCase().replace(/\s+/g, " ");
  const isExcluded = (word: string) =>
    prepositions === "distinct" ? areAlikePrepositions(plain, word) : plain === word;
  return PREPOSITIONS.filter(({ word }) => !isExcluded(word));
}

function textOf({ start, end }: Span, caption: string, tokens: readonly TaggedToken[]): string {
  return caption.slice(tokens[start]!.start, tokens[end - 1]!.end);
}

/** The caption with a word in the place of a span. */
function insert(
  span: Span,
  word: string,
  caption: string,
  tokens: readonly TaggedToken[],
  articles: "keep" | "mend",
): string {
  const start = tokens[span.start]!.start;
  const end = tokens[span.end - 1]!.end;
  // A proposer's words have the casing of the word already.
  const cased = span.kind === "word" ? word : copyCase(caption.slice(start, end), word);
  const replaced = caption.slice(0, start) + cased + caption.slice(end);
  return articles === "keep" ? replaced : mendArticle(replaced, start);
}
