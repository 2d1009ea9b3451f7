import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { NegativeGenerator } from "../../core/negative_generator.ts";
import type { Random } from "../../core/random.ts";
import type { Tag } from "../language/tag.ts";
import type { TaggedToken, Tagger } from "../language/tagger.ts";
import { taggerOption } from "../language/tagger_option.ts";
import { capitalized, tagCaption, uncapitalized } from "../negclip/tag_caption.ts";

/** Words that change places among themselves. */
const KINDS: readonly (readonly Tag[])[] = [["NOUN", "PROPN"], ["ADJ"]];

/**
 * LABCLIP's hard negatives (its `coco_utils.py`, by ARO's `shuffle_nouns_and_adj`): a caption's nouns
 * in another order, and its adjectives, each in places of their own kind. `null` where no other
 * caption comes of it; the authors keep the caption itself then. They also take marks out of captions
 * and negatives alike (ARO's `pre_caption`), where here both keep them.
 *
 * @param options.tagger Finds words and their parts of speech. Default `"wink"`: a `winkTagger()`.
 * @throws {SettingsError} if an option is unknown or of another kind.
 *
 * @example
 * ```ts
 * import { createRandom } from "@syntagma/syntagma";
 * import { labclipNegatives } from "@syntagma/syntagma/labclip";
 *
 * const [negative] = await labclipNegatives().generate("A horse on an owl.", createRandom(1));
 * console.assert(negative === "A owl on an horse.");
 * ```
 */
export const labclipNegatives: (
  options?: { readonly tagger?: Tagger | "wink" },
) => NegativeGenerator = defineComponent({
  name: "labclipNegatives",
  schema: z.strictObject({ tagger: taggerOption }),
  make: ({ tagger }) => ({
    slots: 1,
    generate(caption: string, random: Random): Promise<readonly (string | null)[]> {
      const tokens = tagCaption(caption, tagger);
      const groups = KINDS.map((tags) => tokens.filter(({ tag }) => tags.includes(tag)));
      const canChange = groups.some((group) => new Set(group.map(plain)).size > 1);
      let negative: string | null = null;
      // Of two different words that may change places every other order is another caption.
      while (canChange && (negative === null || same(negative, caption))) {
        negative = shuffled(caption, groups, random);
      }
      return Promise.resolve([negative]);
    },
  }),
});

function shuffled(
  caption: string,
  groups: readonly (readonly TaggedToken[])[],
  random: Random,
): string {
  const moved = groups.flatMap((group) => {
    const order = random.shuffle(group);
    return group.map((place, i) => ({ place, word: order[i]! }));
  }).toSorted((a, b) => a.place.start - b.place.start);
  let [text, end] = ["", 0];
  for (const { place, word } of moved) {
    text += caption.slice(end, place.start) + atPlace(word, place, caption);
    end = place.end;
  }
  return text + caption.slice(end);
}

/** A word as it is written where another one stood: a capital that begins the caption stays there. */
function atPlace(word: TaggedToken, place: TaggedToken, caption: string): string {
  const opens = ({ start }: TaggedToken) => caption.slice(0, start).trim() === "";
  const { text, tag } = word;
  if (opens(word) === opens(place) || tag === "PROPN") return text;
  if (opens(word)) return uncapitalized(text);
  return /^\p{Lu}/u.test(place.text) ? capitalized(text) : text;
}

function plain({ text }: TaggedToken): string {
  return text.toLowerCase();
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
