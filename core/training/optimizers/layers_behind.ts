import type { ParameterSpec } from "../../model.ts";

/** The number of a layer in the names of a stack of equal ones. */
const LAYER = /(?:^|[._])(?:res)?(?:blocks|layers?)\.(\d+)\./;

/**
 * How many steps of depth lie between each parameter and the end of its tower's stack of layers, by
 * their names and their order: 0 behind the last layer that is trained, 1 in it, and so on; what stands
 * before the first layer is one deeper than that. Parameters of no tower have 0.
 *
 * @param optimizer Its name, for errors.
 * @throws {RangeError} if the names of a tower's parameters tell no layers.
 */
export function layersBehind(
  optimizer: string,
  parameters: readonly ParameterSpec[],
): ReadonlyMap<ParameterSpec, number> {
  const result = new Map<ParameterSpec, number>(parameters.map((spec) => [spec, 0]));
  for (const part of ["image", "text"] as const) {
    const own = parameters.filter((spec) => spec.part === part);
    if (own.length === 0) continue;
    const layers = own.map(({ name }) => layerOf(name));
    const numbered = layers.filter((layer) => layer !== undefined);
    if (numbered.length === 0) {
      throw new RangeError(
        `${optimizer}.layerDecay: expected names of parameters of the ${part} tower that tell their layer, ` +
          `such as blocks.3, found "${own[0]!.name}"`,
      );
    }
    const last = Math.max(...numbered);
    const firstPlace = layers.findIndex((layer) => layer !== undefined);
    for (const [place, spec] of own.entries()) {
      const layer = layers[place] ?? (place < firstPlace ? -1 : last + 1);
      result.set(spec, last + 1 - layer);
    }
  }
  return result;
}

function layerOf(name: string): number | undefined {
  const found = LAYER.exec(name)?.[1];
  return found === undefined ? undefined : Number(found);
}
