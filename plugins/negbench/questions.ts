import { z } from "zod";
import { type DataSet, firstWithPicture } from "../../core/dataset.ts";
import { defineComponent } from "../../core/define_component.ts";
import type { NegativeGenerator } from "../../core/negative_generator.ts";
import type { Random } from "../../core/random.ts";
import { negations } from "../con_clip/negations.ts";
import { winkTagger } from "../language/wink_tagger.ts";
import { isNamed, lowerStart, type Thing, thingsOf, wordsOf } from "./things.ts";

/** A caption that denies something, the right answer, three wrong ones. */
const SLOTS = 5;

/** Among how many examples, drawn at random, something is looked for that is not there. */
const CANDIDATES = 16;

/** How answers begin: the authors have a language model paraphrase them. */
const LEADS = ["", "a photo with ", "a photo that shows "];

/** How what is not there follows what is. */
const DENIALS = [", but no ", " and no ", " with no "];

/**
 * NegBench's training texts by rule, where its authors (Alhamoud et al., CVPR 2025) have language
 * models and a detector: of a caption in five slots
 *
 * 1. the caption and, before or behind it, something that is not there ("A dog on a sofa, but no cat");
 * 2. the right answer: two things of the caption, or what is not there denied, or one thing with it;
 * 3. to 5. the wrong answers: the same two with their parts exchanged ("a cat but no dog"), what is not
 *    there, and a thing of the caption denied.
 *
 * Things are noun phrases. What is not there is a thing of another example's caption, one that shares
 * a noun with this one where there is such, whose noun stands in no caption of the picture. Nobody
 * has looked at the picture: what captions pass over, or call otherwise, may be there all the same.
 *
 * Nothing is made (`null`s) of a caption that {@linkcode negations} can make nothing of, since it names
 * nothing or denies something already.
 *
 * `prepare` keeps which picture a caption is of. `generate` rejects before it, and without captions of
 * other pictures gives `null`s.
 *
 * @throws {SettingsError} if an option is given.
 */
export const negationQuestions: (options?: Record<never, never>) => NegativeGenerator =
  defineComponent({
    name: "negationQuestions",
    schema: z.strictObject({}),
    make: () => ({
      slots: SLOTS,
      prepare: ({ data }) => Promise.resolve({ ...negationQuestions(), generate: asker(data) }),
      generate: () =>
        Promise.reject(
          new Error("negationQuestions: expected prepare() to be called before generate()"),
        ),
    }),
  });

function asker(data: DataSet): NegativeGenerator["generate"] {
  const tagger = winkTagger();
  const denied = negations();
  const places = new Map<string, number>();
  for (let index = 0; index < data.length; index++) {
    for (const caption of data.record(index).captions) {
      if (!places.has(caption)) places.set(caption, firstWithPicture(data, index));
    }
  }
  /** All captions of the picture that this one is of. */
  const besides = (caption: string): readonly string[] => {
    const place = places.get(caption);
    if (place === undefined) return [caption];
    const captions: string[] = [];
    // Examples that share a picture stand together.
    for (let i = place; i < data.length && firstWithPicture(data, i) === place; i++) {
      captions.push(...data.record(i).captions);
    }
    return captions;
  };
  /** Something that is not in the picture; `own` are the things of the caption. */
  const findAbsent = (
    caption: string,
    own: readonly Thing[],
    random: Random,
  ): Thing | undefined => {
    const words = wordsOf(besides(caption).map((each) => tagger.tag(each)));
    const heads = own.map(({ head }) => head);
    let found: Thing | undefined;
    for (let tried = 0; tried < CANDIDATES; tried++) {
      const text = random.pick(data.record(random.integer(data.length)).captions);
      const others = thingsOf(text, tagger.tag(text));
      const absent = others.filter((thing) => !isNamed(thing, words));
      if (absent.length === 0) continue;
      const one = random.pick(absent);
      if (others.some(({ head }) => heads.includes(head))) return one;
      found ??= one;
    }
    return found;
  };
  return async (caption, random) => {
    const tokens = tagger.tag(caption);
    const things = thingsOf(caption, tokens);
    const [negation] = await denied.generate(caption, random);
    const absent = things.length === 0 || negation === null
      ? undefined
      : findAbsent(caption, things, random);
    if (absent === undefined) return Array(SLOTS).fill(null);
    const plain = caption.replace(/[\s.]+$/, "");
    const denying = random.pick([
      plain + random.pick(DENIALS) + absent.noun,
      `No ${absent.noun}, but ${lowerStart(plain, tokens[0]!)}`,
    ]);
    return [denying, ...answers(random.sample(things, Math.min(2, things.length)), absent, random)];
  };
}

/** The right answer and the wrong ones, by the templates of the authors' `create_mcq.py`. */
function answers([one, other]: readonly Thing[], absent: Thing, random: Random): string[] {
  const both = (there: Thing, not: Thing) => there.phrase + random.pick(DENIALS) + not.noun;
  const right = random.pick([
    other === undefined ? one!.phrase : `${one!.phrase} and ${other.phrase}`,
    `no ${absent.noun}`,
    both(one!, absent),
  ]);
  return [right, both(absent, one!), absent.phrase, `no ${one!.noun}`]
    .map((answer) => random.pick(LEADS) + answer);
}
