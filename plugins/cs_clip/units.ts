import type { Random } from "../../core/random.ts";

/** Who does what to whom. */
export interface UnitRelation {
  readonly subject: string;
  readonly relation: string;
  readonly object: string;
}

/** What a caption speaks of, and what it might be mistaken for. */
export interface CaptionUnits {
  /** The things that it names. */
  readonly entities: readonly string[];
  /** What each of them might be instead. */
  readonly foils: Readonly<Record<string, readonly string[]>>;
  /** How they stand to each other; each with relations that do not hold. */
  readonly relations: readonly (UnitRelation & { readonly foils: readonly UnitRelation[] })[];
  /** False captions. */
  readonly negatives: readonly string[];
}

/** A unit and its own foil. */
export type UnitPair = readonly [unit: string, foil: string];

/**
 * A unit and its foil, drawn as the authors' `StructuredSampler` draws them with their settings: a
 * relation that has a foil (one of its own, or its subject or object replaced), else an entity that
 * has one, half the time together with another entity.
 *
 * @returns `undefined` where there is none.
 */
export function drawUnit(units: CaptionUnits, random: Random): UnitPair | undefined {
  const { entities, foils, relations } = units;
  const replaced = (text: string) => {
    const some = foils[text] ?? [];
    return some.length === 0 ? undefined : random.pick(some);
  };
  for (const relation of random.shuffle(relations)) {
    const [subject, object] = [replaced(relation.subject), replaced(relation.object)];
    const candidates = [
      ...relation.foils,
      ...(subject === undefined ? [] : [{ ...relation, subject }]),
      ...(object === undefined ? [] : [{ ...relation, object }]),
    ].map(say).filter((foil) => foil !== say(relation));
    if (candidates.length > 0) return [say(relation), random.pick(candidates)];
  }
  const named = entities.filter((entity) => (foils[entity] ?? []).length > 0);
  if (named.length === 0) return undefined;
  const entity = random.pick(named);
  const others = entities.filter((other) => other !== entity);
  const more = others.length > 0 && random.coin() ? [random.pick(others)] : [];
  const told = (thing: string) => random.shuffle([thing, ...more]).join(" and ");
  return [told(entity), told(random.pick(foils[entity]!))];
}

/**
 * A false caption, as the authors draw it with their settings: one that the units bring along, else
 * the caption with a thing that it names replaced.
 *
 * @returns `undefined` where there is none.
 */
export function drawNegative(
  caption: string,
  { entities, foils, negatives }: CaptionUnits,
  random: Random,
): string | undefined {
  if (negatives.length > 0) return random.pick(negatives);
  for (const entity of random.shuffle(entities)) {
    const some = foils[entity] ?? [];
    if (some.length === 0 || !caption.includes(entity)) continue;
    // A function: `$` in a text means nothing.
    const changed = caption.replace(entity, () => random.pick(some));
    if (changed !== caption) return changed;
  }
  return undefined;
}

function say({ subject, relation, object }: UnitRelation): string {
  return `${subject} ${relation.replaceAll("_", " ")} ${object}`;
}
