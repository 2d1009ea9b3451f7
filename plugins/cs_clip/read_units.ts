import { z } from "zod";
import { checkContent } from "../../core/check_content.ts";
import { readJson } from "../../core/host/storage/read_json.ts";
import type { CaptionUnits, UnitRelation } from "./units.ts";

const negative = z.union([z.string(), z.object({ negative: z.string() })])
  .transform((each) => (typeof each === "string" ? each : each.negative).trim());
const foil = z.object({
  change_type: z.string().default(""),
  subject: z.string().optional(),
  object: z.string().optional(),
  relation_type: z.string().optional(),
});
const relation = z.object({
  subject: z.string(),
  relation_type: z.string(),
  object: z.string(),
  negatives: z.array(foil).default([]),
});
const sample = z.object({
  original_caption: z.string().min(1),
  entities: z.array(z.string()).default([]),
  negative_entities: z.record(z.string(), z.array(negative)).default({}),
  relations: z.array(relation).default([]),
  swap_negatives: z.array(negative).default([]),
});

/**
 * Reads the units that CS-CLIP's authors published: a list of samples in a JSON file, each with its
 * `original_caption`, `entities`, `negative_entities`, `relations` and, where there are, its
 * `swap_negatives`.
 *
 * @returns the units by caption; of a caption that stands several times, the last.
 * @throws {SyntaxError} if the file holds something else.
 */
export async function readUnits(path: string): Promise<ReadonlyMap<string, CaptionUnits>> {
  const samples = checkContent(
    path,
    "units of captions",
    z.array(sample),
    await readJson(path),
  );
  return new Map(samples.map((each) => [each.original_caption, {
    entities: each.entities,
    foils: each.negative_entities,
    relations: each.relations.map(toRelation),
    negatives: each.swap_negatives.filter((text) => text !== ""),
  }]));
}

function toRelation({ subject, relation_type, object, negatives }: z.infer<typeof relation>) {
  const own = { subject, relation: relation_type, object };
  // As the authors' sampler reads them; other kinds of change it passes by.
  const foils = negatives.flatMap((each): UnitRelation[] => {
    if (/^(subject_object_)?swap$/i.test(each.change_type)) {
      return [{ ...own, subject: each.subject ?? object, object: each.object ?? subject }];
    }
    const changes = /^(antonym|negation|relation_change|relation_opposite)$/i;
    return changes.test(each.change_type) && each.relation_type
      ? [{ ...own, relation: each.relation_type }]
      : [];
  });
  return { ...own, foils };
}
