import type { Random } from "../../core/random.ts";
import type { Link, Statement, Thing } from "./statement.ts";
import {
  BACKGROUND_PHRASES,
  type Concept,
  COUNT_PHRASES,
  DENIALS,
  LEADS,
  OPPOSITE,
  PLACE_PHRASES,
  type Relation,
  RELATION_PHRASES,
  WORDS,
} from "./vocabulary.ts";

/**
 * How a statement is put into words. Two statements that differ by an exchange, said in the same
 * wording, are permutations of the same words, because every concept keeps its word.
 */
export interface Wording {
  /** The word for each concept. */
  readonly words: Readonly<Record<Concept, string>>;
  /** Which of its phrases a relation takes: one style for opposite relations. */
  readonly relationStyle: Readonly<Record<Relation, number>>;
  /** Whether a relation is said from the other side ("B below A"), and a list from its end. */
  readonly mirrored: boolean;
  /** How a relation is built: "A above B", "A is above B" or "above B there is A". */
  readonly order: "phrase" | "clause" | "fronted";
  /** What the sentence opens with, of {@linkcode LEADS}. */
  readonly lead: number;
  /** Whether the pattern follows the colour ("red striped star") or goes before it. */
  readonly patternLast: boolean;
  /** How the ground is said, of {@linkcode BACKGROUND_PHRASES}. */
  readonly backgroundStyle: number;
  /** Between two things without a relation. */
  readonly conjunction: "and" | "together with";
  /** How an absence is said, of {@linkcode DENIALS}; the first if not given. */
  readonly denial?: number;
}

const CONCEPTS = Object.keys(WORDS) as Concept[];

/** The concepts that have more than one word. */
const VARIED = CONCEPTS.filter((concept) => WORDS[concept].length > 1);

const USUAL_WORDS = Object.fromEntries(
  CONCEPTS.map((concept) => [concept, WORDS[concept][0]!]),
) as Record<Concept, string>;

/** The usual word for everything, nothing before it: "a red star is to the left of a box". */
export const PLAIN_WORDING: Wording = {
  words: USUAL_WORDS,
  relationStyle: { left: 0, right: 0, above: 0, below: 0 },
  mirrored: false,
  order: "clause",
  lead: 0,
  patternLast: false,
  backgroundStyle: 0,
  conjunction: "and",
};

const ORDERS = ["phrase", "clause", "fronted"] as const;

/** A wording drawn at random. */
export function drawWording(random: Random): Wording {
  const horizontal = random.integer(RELATION_PHRASES.left.length);
  const vertical = random.integer(RELATION_PHRASES.above.length);
  const words = { ...USUAL_WORDS };
  for (const concept of VARIED) words[concept] = random.pick(WORDS[concept]);
  return {
    words,
    relationStyle: { left: horizontal, right: horizontal, above: vertical, below: vertical },
    mirrored: random.coin(),
    order: random.pick(ORDERS),
    lead: random.integer(LEADS.length),
    patternLast: random.coin(),
    backgroundStyle: random.integer(BACKGROUND_PHRASES.length),
    conjunction: random.next() < 0.75 ? "and" : "together with",
  };
}

/**
 * The {@linkcode PLAIN_WORDING} in the order, and from the side, of the wording that
 * {@linkcode drawWording} draws; its words are not put together.
 */
export function drawPlainWording(random: Random): Wording {
  random.integer(RELATION_PHRASES.left.length);
  random.integer(RELATION_PHRASES.above.length);
  for (const concept of VARIED) random.integer(WORDS[concept].length);
  const [mirrored, order] = [random.coin(), random.pick(ORDERS)];
  random.integer(LEADS.length);
  const [patternLast, backgroundStyle] = [
    random.coin(),
    random.integer(BACKGROUND_PHRASES.length),
  ];
  random.next();
  return { ...PLAIN_WORDING, mirrored, order, patternLast, backgroundStyle };
}

/**
 * A statement as an English sentence or caption: lower-case, without a full stop.
 *
 * @example
 * ```ts
 * import { PLAIN_WORDING, say } from "./wording.ts";
 *
 * const sentence = say({
 *   things: [{ shape: "circle", colour: "red" }, { shape: "box", size: "small" }],
 *   links: [{ subject: 0, relation: "left", object: 1 }],
 * }, PLAIN_WORDING);
 * console.assert(sentence === "a red circle is to the left of a small box");
 * ```
 */
export function say(statement: Statement, wording: Wording): string {
  const body = sayBody(statement, wording);
  if (statement.background === undefined) return body;
  const phrase = BACKGROUND_PHRASES[wording.backgroundStyle]!;
  return `${body} ${phrase.replace("_", wording.words[statement.background])}`;
}

function sayBody(statement: Statement, wording: Wording): string {
  const { things, links, count, absent } = statement;
  // A count stands alone.
  if (count !== undefined) {
    const lead = LEADS[wording.lead]!;
    return withLead(
      COUNT_PHRASES[count - 1]!,
      lead === "there is" && count > 1 ? "there are" : lead,
    );
  }
  const body = links.length === 0 ? sayList(things, wording) : sayLinks(statement, wording);
  if (absent === undefined) return body;
  return `${body} ${DENIALS[wording.denial ?? 0]!.replace("_", nameThing(absent, wording))}`;
}

function sayList(things: readonly Thing[], wording: Wording): string {
  const phrases = things.map((thing) => sayThing(thing, wording));
  if (wording.mirrored) phrases.reverse();
  const last = phrases.pop()!;
  const list = phrases.length === 0
    ? last
    : phrases.length === 1
    ? `${phrases[0]} ${wording.conjunction} ${last}`
    : `${phrases.join(", ")} and ${last}`;
  return withLead(list, LEADS[wording.lead]!);
}

function sayLinks({ things, links }: Statement, wording: Wording): string {
  const others = things.filter((_, index) =>
    !links.some(({ subject, object }) => subject === index || object === index)
  );
  const [first, second] = wording.mirrored ? turn(links) : links;
  const subject = sayThing(things[first!.subject]!, wording);
  const where = [first, second].filter((link) => link !== undefined)
    .map((link) =>
      `${sayRelation(link.relation, wording)} ${sayThing(things[link.object]!, wording)}`
    ).join(" and ");
  const rest = others.map((thing) => `, and there is ${sayThing(thing, wording)}`).join("");
  switch (wording.order) {
    case "clause":
      return `${subject} is ${where}${rest}`;
    case "fronted":
      return `${where} there is ${subject}${rest}`;
    case "phrase":
      return withLead(`${subject} ${where}`, LEADS[wording.lead]!) + rest;
  }
}

/** One relation from the other side; two, which share their subject, in the other order. */
function turn(links: readonly Link[]): readonly Link[] {
  if (links.length > 1) return [...links].reverse();
  return links.map(({ subject, relation, object }) => ({
    subject: object,
    relation: OPPOSITE[relation],
    object: subject,
  }));
}

function sayRelation(relation: Relation, wording: Wording): string {
  return RELATION_PHRASES[relation][wording.relationStyle[relation]]!;
}

function sayThing(thing: Thing, wording: Wording): string {
  return `a ${nameThing(thing, wording)}`;
}

/** Without an article. */
function nameThing(thing: Thing, { words, patternLast }: Wording): string {
  const { size, colour, pattern, shape, places = [] } = thing;
  let name = "";
  for (const concept of [size, patternLast ? colour : pattern, patternLast ? pattern : colour]) {
    if (concept !== undefined) name += `${words[concept]} `;
  }
  name += words[shape];
  for (const place of places) name += ` ${PLACE_PHRASES[place]}`;
  return name;
}

function withLead(body: string, lead: string): string {
  return lead === "" ? body : `${lead} ${body}`;
}
