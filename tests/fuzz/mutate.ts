/**
 * Valid files made invalid by a seeded generator.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";
import type { FuzzCase } from "./fuzz_case.ts";
import { mutateBytes } from "./mutate_bytes.ts";
import { mutateJson } from "./mutate_json.ts";
import { mutateText } from "./mutate_text.ts";

/** The most changes that one input has. */
const MOST_CHANGES = 3;

/** One of the valid contents with some changes; the same for the same generator. */
export function mutate(
  valid: readonly Uint8Array<ArrayBuffer>[],
  { form, seal }: Pick<FuzzCase, "form" | "seal">,
  random: Random,
): Uint8Array<ArrayBuffer> {
  let bytes = random.pick(valid);
  const changes = 1 + random.integer(MOST_CHANGES);
  for (let i = 0; i < changes; i++) {
    // Any file may be cut or have a bit flipped, whatever it holds.
    const own = random.integer(4) > 0 ? form : random.pick(["bytes", "text"] as const);
    bytes = own === "json"
      ? mutateJson(bytes, random)
      : own === "text"
      ? mutateText(bytes, random)
      : mutateBytes(bytes, random, valid);
  }
  return seal === undefined || random.coin() ? bytes : seal(bytes);
}
