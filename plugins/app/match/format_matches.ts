import { fixedDigits } from "../../../core/fixed_digits.ts";
import { alignColumns } from "../results/table.ts";
import { type MatchItem, shortName } from "./match_items.ts";
import type { Match } from "./match_model.ts";

/** Matches of all models, side by side. */
export interface Matches {
  readonly items: readonly MatchItem[];
  /** The models, as they were named. */
  readonly models: readonly string[];
  /** `[model][item]` */
  readonly matches: readonly (readonly Match[])[];
}

/** Whether the models disagree on the caption that fits an item best. */
export function isChanged({ matches }: Matches, item: number): boolean {
  return new Set(matches.map((each) => each[item]!.best)).size > 1;
}

/** The items to be shown: all, or those that the models disagree on. */
export function shownItems(found: Matches, changed: boolean): readonly number[] {
  const all = found.items.map((_, item) => item);
  return changed ? all.filter((item) => isChanged(found, item)) : all;
}

/**
 * The places of an item's captions as they are listed: by the first model's cosine, but those that a
 * model finds best are always among them.
 *
 * @param top How many at most, beside those.
 */
export function listedCaptions({ matches }: Matches, item: number, top: number): number[] {
  const [{ cosines }] = matches.map((each) => each[item]!) as [Match];
  const best = new Set(matches.map((each) => each[item]!.best));
  return cosines.map((_, place) => place)
    .toSorted((a, b) => cosines[b]! - cosines[a]!)
    .filter((place, rank) => rank < top || best.has(place));
}

/** How many of the items the models disagree on, for people. */
export function summary(found: Matches): string {
  if (found.models.length === 1) return "";
  const changed = found.items.filter((_, item) => isChanged(found, item)).length;
  return `${changed} of ${found.items.length} pictures get another caption`;
}

/** A table for the terminal: each caption with cosine and belief of every model, the best marked. */
export function matchTable(found: Matches, shown: readonly number[], top: number): string {
  const { items, models, matches } = found;
  const several = models.length > 1;
  const header = [
    "picture",
    "caption",
    ...models.flatMap((_, place) => {
      const of = several ? ` ${place + 1}` : "";
      return [`cosine${of}`, `belief${of}`, ""];
    }),
  ];
  const rows = shown.flatMap((item) =>
    listedCaptions(found, item, top).map((place, row) => [
      row === 0 ? shortName(items[item]!.picture) : "",
      items[item]!.captions[place]!.replaceAll(/\s+/g, " "),
      ...matches.flatMap((each) => {
        const { cosines, beliefs, best } = each[item]!;
        return [
          fixedDigits(cosines[place]!, 4),
          beliefs[place]!.toFixed(4),
          best === place ? "best" : "",
        ];
      }),
    ])
  );
  const sides = models.flatMap(() => ["right", "right", "left"] as const);
  const names = several ? models.map((name, place) => `${place + 1}: ${name}\n`).join("") : "";
  const table = rows.length === 0
    ? []
    : [alignColumns([header, ...rows], ["left", "left", ...sides])];
  return `${names}${[...table, ...several ? [summary(found)] : []].join("\n")}\n`;
}

/** The same as JSON: an object for each picture. */
export function matchJson(found: Matches, shown: readonly number[]): string {
  const { items, models, matches } = found;
  const list = shown.map((item) => ({
    picture: items[item]!.picture,
    captions: items[item]!.captions,
    models: models.map((weights, place) => ({ weights, ...matches[place]![item]! })),
    ...(models.length > 1 ? { changed: isChanged(found, item) } : {}),
  }));
  return `${JSON.stringify(list, null, 2)}\n`;
}
