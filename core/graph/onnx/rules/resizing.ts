/**
 * Resizing: along each axis a fixed linear map.
 *
 * @module
 */
import { alongAxis } from "../../along_axis.ts";
import { normalizeAxis } from "../../node.ts";
import type { OnnxCall, Rules } from "../call.ts";
import { type AxisResize, resizeMatrix } from "./resize_matrix.ts";

/** Resize. */
export const resizingRules: Rules = {
  Resize: (call) => {
    const { op, input, optionalKnown, ints, int, float, string, refuse } = call;
    const x = input(0);
    const rank = x.shape.length;
    const axes = (ints("axes") ?? x.shape.map((_, axis) => axis))
      .map((axis) => normalizeAxis(op, axis, rank));
    const roi = optionalKnown(1, "a region") ?? [];
    const given = optionalKnown(2, "scales") ?? [];
    const target = optionalKnown(3, "sizes") ?? [];
    const policy = string("keep_aspect_ratio_policy", "stretch");
    const mode = string("mode", "nearest");
    const coordinates = string("coordinate_transformation_mode", "half_pixel");
    const shared = {
      mode,
      coordinates,
      nearest: string("nearest_mode", "round_prefer_floor"),
      cubic: float("cubic_coeff_a", -0.75),
      excludeOutside: int("exclude_outside", 0) === 1,
      antialias: int("antialias", 0) === 1,
    };
    const outside = float("extrapolation_value", 0);
    if (coordinates === "tf_crop_and_resize" && outside !== 0) {
      refuse("extrapolation_value 0", `${outside}`);
    }
    const lengths = axes.map((axis) => x.shape[axis]!);
    const scales = target.length > 0 ? scalesFor(call, lengths, target, policy) : given;
    if (scales.length !== axes.length) refuse(`scales or sizes of ${axes.length} axes`, "others");
    return axes.reduce((part, axis, i) => {
      const to = target.length > 0 && policy === "stretch" ? target[i]! : target.length > 0
        // Half up, as the standard says.
        ? Math.floor(scales[i]! * lengths[i]! + 0.5)
        : Math.floor(scales[i]! * lengths[i]!);
      const isSame = to === lengths[i] && scales[i] === 1 && coordinates !== "tf_crop_and_resize";
      if (isSame) return part;
      const one: AxisResize = {
        ...shared,
        from: lengths[i]!,
        to,
        scale: scales[i]!,
        region: [roi[i] ?? 0, roi[i + axes.length] ?? 1],
      };
      return alongAxis(part, axis, resizeMatrix(one));
    }, x);
  },
};

function scalesFor(
  { refuse }: OnnxCall,
  lengths: readonly number[],
  target: readonly number[],
  policy: string,
): readonly number[] {
  const each = lengths.map((length, i) => target[i]! / length);
  if (policy === "stretch") return each;
  if (policy === "not_larger") return each.map(() => Math.min(...each));
  if (policy === "not_smaller") return each.map(() => Math.max(...each));
  return refuse("a keep_aspect_ratio_policy that is known", policy);
}
