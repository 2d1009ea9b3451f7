import type { Literature } from "../../core/literature.ts";
import { ARO } from "../benchmarks/citations.ts";

/** The paper that NegCLIP is of. */
export const LITERATURE: Literature = {
  citations: { negclipRows: [ARO], negclipSwaps: [ARO] },
};
