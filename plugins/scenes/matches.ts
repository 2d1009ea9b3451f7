import { createRandom, type Random } from "../../core/random.ts";
import { exchangeColours, exchangePlaces } from "./exchange.ts";
import { drawScene, type Scene } from "./scene.ts";
import { clearLinks, drawColouredThing, hasRightLength } from "./sentences.ts";
import { holds, isFalse, type Statement } from "./statement.ts";
import { OPPOSITE, type Place, type Relation } from "./vocabulary.ts";
import { drawWording, say } from "./wording.ts";

/** In what the two pictures of an item differ. */
export const MATCH_KINDS = ["match_att", "match_place", "match_rel"] as const;

/** One of {@linkcode MATCH_KINDS}. */
export type MatchKind = typeof MATCH_KINDS[number];

/** Two scenes of the same two objects, and a text of each that is false of the other. */
export interface Match {
  /** The second is the first with something exchanged. */
  readonly scenes: readonly [Scene, Scene];
  /** Clearly true of the scene in their place, clearly false of the other. */
  readonly statements: readonly [Statement, Statement];
  /** The statements in one wording. */
  readonly texts: readonly [string, string];
}

/**
 * An item drawn at random; the second picture is the first with
 *
 * - `match_att`: the objects' colours exchanged, both told with their colours;
 * - `match_place`: the objects' places exchanged, one of them told with its place: the texts differ
 *   in a word, and what they ask of a picture is where the object is;
 * - `match_rel`: the objects' places exchanged, told by their relation.
 *
 * The texts of `match_att` and `match_rel` have the same words in another order.
 */
export function drawMatch(kind: MatchKind, random: Random): Match {
  while (true) {
    const scene = drawScene(random, { least: 2, most: 2 });
    const [first, second] = scene.objects;
    if (first!.shape === second!.shape || first!.colour === second!.colour) continue;
    const other = kind === "match_att" ? exchangeColours(scene) : exchangePlaces(scene);
    const statements = DRAW[kind](scene, random);
    const [own, exchanged] = statements;
    if (
      !holds(own, scene) || !isFalse(own, other) || !holds(exchanged, other) ||
      !isFalse(exchanged, scene)
    ) continue;
    const wording = drawWording(random);
    const texts = [say(own, wording), say(exchanged, wording)] as const;
    if (texts.every(hasRightLength)) return { scenes: [scene, other], statements, texts };
  }
}

/** Item `index` of one kind. */
export function matchItem(kind: MatchKind, seed: number, index: number): Match {
  return drawMatch(kind, createRandom(seed, "matches", kind, index));
}

/** What is said of the scene, and of the other one. */
const DRAW: Readonly<
  Record<MatchKind, (scene: Scene, random: Random) => readonly [Statement, Statement]>
> = {
  match_att: (scene, random) => {
    const [first, second] = scene.objects;
    const [a, b] = [drawColouredThing(first!, random), drawColouredThing(second!, random)];
    const repainted = [{ ...a, colour: b.colour }, { ...b, colour: a.colour }];
    return [{ things: [a, b], links: [] }, { things: repainted, links: [] }];
  },
  match_place: (scene, random) => {
    const [thing] = scene.objects.map((object) => drawColouredThing(object, random));
    const relation = relationOfFirst(scene);
    const at = (seen: Relation) => ({ things: [{ ...thing!, places: [SIDE[seen]] }], links: [] });
    return [at(relation), at(OPPOSITE[relation])];
  },
  match_rel: (scene, random) => {
    const things = scene.objects.map((object) => drawColouredThing(object, random));
    const links = [{ subject: 0, relation: relationOfFirst(scene), object: 1 }];
    return [{ things, links }, { things: things.toReversed(), links }];
  },
};

/** How the first object is seen from the second. */
function relationOfFirst({ objects }: Scene): Relation {
  return clearLinks(objects).find(({ subject }) => subject === 0)!.relation;
}

/** Where an object is in the picture that is so seen from the only other one. */
const SIDE: Readonly<Record<Relation, Place>> = {
  left: "left",
  right: "right",
  above: "top",
  below: "bottom",
};
