/**
 * Texts that are true, and the same with a wrong detail, out of the units of a caption.
 *
 * @module
 */
import { z } from "zod";

const foil = z.object({ negative: z.string(), change_type: z.string() });
const triple = { subject: z.string(), relation_type: z.string(), object: z.string() };

/** The units of a caption, as CS-CLIP's authors publish them. */
export const unitsSchema = z.object({
  sample_id: z.string(),
  image_path: z.string().min(1),
  entities: z.array(z.string()),
  negative_entities: z.record(z.string(), z.array(foil)),
  relations: z.array(z.object({
    ...triple,
    negatives: z.array(z.object({ ...triple, change_type: z.string() })).default([]),
  })),
});

type Units = z.infer<typeof unitsSchema>;

/** The kinds of wrong details. */
export const CONDITIONS = [
  "entity_object",
  "entity_attribute",
  "relation_swap",
  "relation_antonym",
  "relation_negation",
  "relation_object",
  "relation_subject",
  "relation_attribute",
] as const;

/** A short text that is true, and a longer one that is not. */
export interface HalfTruth {
  /** What is wrong. */
  readonly condition: typeof CONDITIONS[number];
  /** The caption's. */
  readonly id: string;
  /** The picture. */
  readonly file: string;
  readonly short: string;
  readonly long: string;
}

/**
 * The half-truths of a caption's entities or of its relations.
 *
 * @returns undefined where it has no foils for them. There may be none all the same, where what is true
 *   says nothing: then the authors take no other caption of the picture either.
 */
export function halfTruthsOf(
  units: Units,
  kind: "entity" | "relation",
): HalfTruth[] | undefined {
  const { sample_id: id, image_path: file } = units;
  const texts = kind === "entity" ? ofEntities(units) : ofRelations(units);
  if (texts === undefined) return undefined;
  const { short, long } = texts;
  if (!says(short)) return [];
  return Object.entries(long).flatMap(([name, text]) =>
    text === undefined || !says(text)
      ? []
      : [{ condition: `${kind}_${name}` as HalfTruth["condition"], id, file, short, long: text }]
  );
}

/** A short text, and the long ones by what is wrong in them. */
interface Texts {
  readonly short: string;
  readonly long: Readonly<Record<string, string | undefined>>;
}

/** The first entity that there is another one beside it with a foil. */
function ofEntities({ entities, negative_entities }: Units): Texts | undefined {
  for (const [i, first] of entities.entries()) {
    for (const [j, second] of entities.entries()) {
      if (i === j) continue;
      const object = foilOf(negative_entities[second], "object_change");
      const attribute = foilOf(negative_entities[second], "attribute_change");
      if (object === undefined && attribute === undefined) continue;
      const short = plain(first);
      if (!says(short) || !says(second)) continue;
      const longer = (other: string | undefined) => other && `${short} and ${other}`;
      return { short, long: { object: longer(object), attribute: longer(attribute) } };
    }
  }
  return undefined;
}

/** The first relation that at least two foils are known of, beside its subject. */
function ofRelations({ entities, negative_entities, relations }: Units): Texts | undefined {
  if (entities.length === 0) return undefined;
  for (const relation of relations) {
    const [subject, type, object] = wordsIn(relation);
    if (!subject || !type || !object) continue;
    const ofType = (wanted: string) => {
      const found = relation.negatives.find((each) =>
        each.change_type.toLowerCase() === wanted && wordsIn(each).every(says)
      );
      return found && wordsIn(found).join(" ");
    };
    // The entity itself, or the first one that has its name in it.
    const foilsOf = (name: string) =>
      negative_entities[name] ??
        negative_entities[entities.find((entity) => entity.toLowerCase().includes(name)) ?? ""];
    const [otherObject, otherSubject, attribute] = [
      foilOf(foilsOf(object), "object_change"),
      foilOf(foilsOf(subject), "object_change"),
      foilOf(foilsOf(object), "attribute_change"),
    ];
    const long = {
      swap: `${object} ${type} ${subject}`,
      antonym: ofType("antonym"),
      negation: ofType("negation"),
      object: otherObject && `${subject} ${type} ${otherObject}`,
      subject: otherSubject && `${otherSubject} ${type} ${object}`,
    };
    if (Object.values(long).filter((text) => text !== undefined && says(text)).length < 2) continue;
    return {
      short: subject,
      long: { ...long, attribute: attribute && `${subject} ${type} ${attribute}` },
    };
  }
  return undefined;
}

function foilOf(
  foils: readonly z.infer<typeof foil>[] | undefined,
  type: string,
): string | undefined {
  return foils?.find((each) => each.change_type === type && says(each.negative))?.negative
    .toLowerCase();
}

function wordsIn(
  { subject, relation_type, object }: Pick<Units["relations"][number], keyof typeof triple>,
): string[] {
  return [subject, relation_type, object].map(plain);
}

function plain(text: string): string {
  return text.toLowerCase().trim();
}

const EMPTY_WORDS = /^(and|the|a|an|on|in|at|to|of)$/i;

/** Whether a text says something: has a word of three letters that is no article or preposition. */
function says(text: string): boolean {
  return text.split(/\s+/).some((word) => word.length > 2 && !EMPTY_WORDS.test(word));
}
