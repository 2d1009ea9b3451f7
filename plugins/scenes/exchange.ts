import type { Scene, SceneObject } from "./scene.ts";
import { COLOURS } from "./vocabulary.ts";

/**
 * A scene with the colours of its first two objects exchanged; where the two share a colour, the
 * first gets another one.
 */
export function exchangeColours(scene: Scene): Scene {
  const [first, second] = firstTwo(scene);
  if (first.colour === second.colour) {
    const other = COLOURS[(COLOURS.indexOf(first.colour) + 1) % COLOURS.length]!;
    return { ...scene, objects: scene.objects.with(0, { ...first, colour: other }) };
  }
  const painted = (object: SceneObject, { colour, tint }: SceneObject) => ({
    ...object,
    colour,
    tint,
  });
  return withFirstTwo(scene, painted(first, second), painted(second, first));
}

/** A scene whose first two objects have changed places. */
export function exchangePlaces(scene: Scene): Scene {
  const [first, second] = firstTwo(scene);
  const moved = (object: SceneObject, { x, y }: SceneObject) => ({ ...object, x, y });
  return withFirstTwo(scene, moved(first, second), moved(second, first));
}

/** As {@linkcode exchangePlaces}; a single object goes to the opposite corner. */
export function twinOf(scene: Scene): Scene {
  const [only, ...others] = scene.objects;
  if (only === undefined || others.length > 0) return exchangePlaces(scene);
  return { ...scene, objects: [{ ...only, x: 1 - only.x, y: 1 - only.y }] };
}

function firstTwo({ objects }: Scene): readonly [SceneObject, SceneObject] {
  const [first, second] = objects;
  if (first === undefined || second === undefined) {
    throw new RangeError(`exchange: expected a scene of two objects, found ${objects.length}`);
  }
  return [first, second];
}

function withFirstTwo(scene: Scene, first: SceneObject, second: SceneObject): Scene {
  return { ...scene, objects: [first, second, ...scene.objects.slice(2)] };
}
