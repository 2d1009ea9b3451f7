import type { Encoder } from "../evaluator.ts";

/**
 * Embeds texts of which some may be equal: each different text once.
 *
 * @returns `[texts.length, dim]`, a row for each text in the order given.
 */
export async function embedTexts(
  encoder: Encoder,
  texts: readonly string[],
): Promise<Float32Array> {
  const places = new Map<string, number>();
  for (const text of texts) if (!places.has(text)) places.set(text, places.size);
  const distinct = await encoder.texts([...places.keys()]);
  const result = new Float32Array(texts.length * encoder.dim);
  texts.forEach((text, index) => {
    const place = places.get(text)!;
    result.set(
      distinct.subarray(place * encoder.dim, (place + 1) * encoder.dim),
      index * encoder.dim,
    );
  });
  return result;
}
