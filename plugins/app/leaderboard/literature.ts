import type { Literature, PublishedScore } from "../../../core/literature.ts";
import { type Checkpoint, readCheckpoints } from "./checkpoint_list.ts";

/** What others have told of the released checkpoints. */
export async function checkpointLiterature(): Promise<Literature> {
  return { published: (await readCheckpoints(undefined)).flatMap(scoresOf) };
}

/** The model stands in a checkpoint's name: `"CLoVe ViT-B/32, not patched"`. */
function scoresOf({ name, paper: address, published }: Checkpoint): PublishedScore[] {
  const [, before, model, after] = /^(.+?) (ViT-[^\s,]+)(.*)$/.exec(name) ?? [, name, "", ""];
  const paper = /\d{4}\.\d{5}/.exec(address)?.[0];
  const whose = name.split(" ")[0];
  return published.map(({ dataset, metric, score, source }) => ({
    ...{ method: `${before}${after}`, model: model!, dataset, metric, score },
    source: source === "its paper" && paper !== undefined
      ? `${whose}, arXiv ${paper}`
      : source.replace(/^its /, `${whose}'s `),
    ...(paper === undefined ? {} : { paper }),
  }));
}
