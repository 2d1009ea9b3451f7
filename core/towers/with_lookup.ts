import type { ImageTower, ParameterLookup, TextTower } from "../model.ts";

/** From how parameters are looked up around a tower to how it looks them up itself. */
export type LookupChange = (parameter: ParameterLookup) => ParameterLookup;

/** An image tower that finds its parameters in another way. */
export function imageWithLookup(tower: ImageTower, change: LookupChange): ImageTower {
  const { encodeWith } = tower;
  return {
    ...tower,
    encode: (pixels, parameter) => tower.encode(pixels, change(parameter)),
    ...(encodeWith === undefined ? {} : {
      encodeWith: (pixels, parameter, wanted) =>
        encodeWith.call(tower, pixels, change(parameter), wanted),
    }),
  };
}

/** A text tower that finds its parameters in another way; it takes packs if the other one does. */
export function textWithLookup(tower: TextTower, change: LookupChange): TextTower {
  const { encodeWith, prefixes, ...rest } = tower;
  const encode: TextTower["encode"] = (ids, end, parameter) =>
    tower.encode(ids, end, change(parameter));
  return {
    ...rest,
    encode,
    ...(encodeWith === undefined ? {} : {
      encodeWith: (ids, end, parameter, wanted) =>
        encodeWith.call(tower, ids, end, change(parameter), wanted),
    }),
    ...(prefixes === undefined || prefixes.of !== tower.encode ? {} : {
      prefixes: {
        of: encode,
        encode: (packs, parameter, wanted) => prefixes.encode(packs, change(parameter), wanted),
      },
    }),
  };
}
