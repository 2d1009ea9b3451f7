import type { Literature } from "../../core/literature.ts";
import { CS_CLIP } from "../benchmarks/citations.ts";

/** CS-CLIP's paper, which half-truths are of too. */
export const LITERATURE: Literature = {
  citations: { csClipLoss: [CS_CLIP], csClipRows: [CS_CLIP] },
};
