import type { Random } from "../../core/random.ts";
import { mutateText } from "./mutate_text.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** What values become; those that JSON can write and `JSON.stringify` cannot, as their text. */
const VALUES: readonly (() => unknown)[] = [
  () => null,
  () => true,
  () => 0,
  () => -1,
  () => 0.5,
  () => 2 ** 53,
  () => -(2 ** 31),
  () => 1e300,
  () => "",
  () => "x",
  () => "../../x",
  () => "\ud800",
  () => "long ".repeat(20_000),
  () => [],
  () => [null],
  () => ({ a: 1 }),
  () => Array(10_000).fill(0),
  () => nested(1000),
];

const KEYS = ["", "__proto__", "constructor", "toString", "length", "a.b", "0", "x".repeat(5000)];

/** One change of a value inside the JSON; bytes that are none are changed as text. */
export function mutateJson(bytes: Bytes, random: Random): Bytes {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return mutateText(bytes, random);
  }
  const places = placesIn(value);
  const place = random.pick(places);
  const changed = random.pick(changes)(place, random, places);
  const root = place.key === undefined ? changed : value;
  const text = JSON.stringify(root === undefined ? null : root);
  return new TextEncoder().encode(text);
}

/** A value and where it stands. */
interface Place {
  readonly holder: Record<string, unknown> | unknown[] | undefined;
  readonly key: string | undefined;
  readonly value: unknown;
}

type Change = (place: Place, random: Random, places: readonly Place[]) => unknown;

const changes: readonly Change[] = [
  (place, random) => put(place, random.pick(VALUES)()),
  (place, random) => put(place, random.pick(VALUES)()),
  (place, random, places) => put(place, structuredClone(random.pick(places).value)),
  (place) => put(place, [place.value]),
  (place) => put(place, JSON.stringify(place.value ?? null)),
  ({ holder, key, value }) => {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else if (holder !== undefined) delete holder[key!];
    return value;
  },
  (place, random) => {
    const { holder, key, value } = place;
    if (Array.isArray(holder)) holder.push(structuredClone(value));
    else if (holder !== undefined) {
      Object.defineProperty(holder, random.pick(KEYS), {
        value: structuredClone(value),
        enumerable: true,
        configurable: true,
        writable: true,
      });
      if (random.coin()) delete holder[key!];
    }
    return value;
  },
];

function put({ holder, key }: Place, value: unknown): unknown {
  if (Array.isArray(holder)) holder[Number(key)] = value;
  else if (holder !== undefined) holder[key!] = value;
  return value;
}

function placesIn(root: unknown): readonly Place[] {
  const places: Place[] = [{ holder: undefined, key: undefined, value: root }];
  // The list grows while it is gone through.
  for (const { value } of places) {
    if (typeof value !== "object" || value === null || places.length > 10_000) continue;
    for (const [key, inside] of Object.entries(value)) {
      places.push({ holder: value as Record<string, unknown>, key, value: inside });
    }
  }
  return places;
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}
