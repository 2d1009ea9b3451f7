import { loadModel } from "@syntagma/syntagma/models";

/** Which of some captions a model finds in a picture. */
export async function bestCaption(
  weights: string,
  picture: string,
  captions: readonly string[],
): Promise<string> {
  await using model = await loadModel(weights);
  const similarity = await model.similarity([picture], captions);
  const beliefs = [...similarity.probabilities()[0]!];
  return captions[beliefs.indexOf(Math.max(...beliefs))]!;
}

if (import.meta.main) {
  const picture = new URL("../triplet/testdata/red.png", import.meta.url).pathname;
  const captions = ["a red circle", "a blue square"];
  console.log(await bestCaption(Deno.args[0] ?? "tiny", picture, captions));
}
