import { openCheckpoint } from "../../core/host/storage/checkpoint.ts";
import type { Context } from "../../core/context.ts";
import type { DualEncoder } from "../../core/model.ts";
import type { FamilyArchitecture } from "./architecture_name.ts";
import type { ClipOptions } from "./clip_options.ts";
import { familyConfiguration, familyParts, isFamilyArchitecture } from "./family_architectures.ts";
import { loadClip } from "./load_clip.ts";
import { loadParts, type LoadPartsOptions } from "./load_parts.ts";
import { locateCheckpoint } from "./locate_checkpoint.ts";
import type { ModelParts } from "./model_parts.ts";
import { type FoundConfig, readConfig } from "./read_config.ts";

/**
 * A dual encoder of any family, by its weights and what stands beside them.
 *
 * @throws {SyntaxError | RangeError} if it is none that is computed here, or an option contradicts it.
 */
export async function loadModel(
  options: ClipOptions,
  { assets, log }: Pick<Context, "assets" | "log">,
): Promise<DualEncoder> {
  const { folder, weights } = await locateCheckpoint(options.weights, assets);
  const file = await openCheckpoint(weights, options.part);
  // What the checkpoint itself has chosen by, is no prefix.
  const part = file.part === undefined ? options.part : undefined;
  const beside = await readConfig(folder, file.names, assets);
  const { architecture, ...rest } = options;
  if (
    beside?.kind === "parts" || (architecture !== undefined && isFamilyArchitecture(architecture))
  ) {
    const where = { weights: options.weights, folder, file, part };
    const family = familyOf(options, weights, beside);
    return await loadParts(family.parts, { ...where, ...family }, { assets, log });
  }
  const plain = architecture === undefined ? rest : { ...rest, architecture };
  return await loadClip(plain, { weights, file, part, found: beside?.parsed }, { assets, log });
}

/** What weights of another family than CLIP's own are made of. */
function familyOf(
  { architecture, activation, context }: ClipOptions,
  weights: string,
  beside: FoundConfig | undefined,
): Pick<LoadPartsOptions, "architecture" | "configuration"> & { readonly parts: ModelParts } {
  for (const [name, value] of Object.entries({ activation, context })) {
    if (value === undefined) continue;
    throw new RangeError(
      `clip.${name}: expected none for ${weights}, which is of a family that has its own, found ${value}`,
    );
  }
  if (beside?.kind === "parts") return { parts: beside.parts, architecture };
  const named = architecture as FamilyArchitecture;
  if (beside?.kind === "clip") {
    throw new RangeError(`clip.architecture: ${weights} is no ${named}, but a CLIP`);
  }
  return { parts: familyParts(named), configuration: familyConfiguration(named) };
}
