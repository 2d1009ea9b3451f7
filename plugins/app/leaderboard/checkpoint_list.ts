import { z } from "zod";
import { checkContent } from "../../../core/check_content.ts";
import { readJson } from "../../../core/host/storage/read_json.ts";
import known from "./checkpoints.json" with { type: "json" };

const published = z.strictObject({
  /** The data set, as in results. */
  dataset: z.string().min(1),
  /** The metric, as in results. */
  metric: z.string().min(1),
  /** In [0, 1]. */
  score: z.number().min(0).max(1),
  /** Who says so. */
  source: z.string().min(1),
  /** Why another number may come out, where that is known. */
  note: z.string().min(1).exactOptional(),
});

const checkpoint = z.strictObject({
  /** Names its folder: lower case, digits and hyphens. */
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, {
    error: "expected lower-case letters, digits and single hyphens",
  }),
  /** What tables call it. */
  name: z.string().min(1),
  /** The weights: `hf:…`, `https:…` or a path; what follows `#` names a file that its address does not. */
  address: z.string().min(1),
  /** The SHA-256 of the weights' file, where it is known. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/).exactOptional(),
  /** What it was trained with; `null` where the weights' own configuration says so. */
  activation: z.enum(["quick_gelu", "gelu"]).nullable(),
  /** Which of several models in the file. */
  part: z.string().min(1).exactOptional(),
  /** Of the weights, as their authors state it. */
  licence: z.string().min(1),
  paper: z.string().min(1),
  note: z.string().min(1).exactOptional(),
  /** Scores that others have told. */
  published: z.array(published),
});

/** A released checkpoint, and what others have found. */
export type Checkpoint = z.infer<typeof checkpoint>;

/** A score that somebody has told. */
export type PublishedScore = z.infer<typeof published>;

const list = z.array(checkpoint).min(1).superRefine((all, { addIssue }) => {
  const ids = all.map(({ id }) => id);
  const twice = ids.findIndex((id, index) => ids.indexOf(id) !== index);
  if (twice === -1) return;
  addIssue({ code: "custom", path: [twice, "id"], message: `expected another id than before` });
});

/**
 * The checkpoints of a list, those that come along if none is given.
 *
 * @param path A JSON file in the form of `checkpoints.json`.
 * @throws {SyntaxError} if it is not of that form.
 */
export async function readCheckpoints(path: string | undefined): Promise<readonly Checkpoint[]> {
  const value: unknown = path === undefined ? known : await readJson(path);
  return checkContent(path ?? "checkpoints.json", "a list of checkpoints", list, value);
}
