import type { Literature } from "../../core/literature.ts";

const CE_CLIP = `@inproceedings{zhang2024contrasting,
  title = {Contrasting Intra-Modal and Ranking Cross-Modal Hard Negatives to Enhance
           Visio-Linguistic Compositional Understanding},
  author = {Zhang, Le and Awal, Rabiul and Agrawal, Aishwarya},
  booktitle = {Proceedings of the IEEE/CVF Conference on Computer Vision and Pattern Recognition},
  year = {2024},
  eprint = {2306.08832},
  archivePrefix = {arXiv}
}`;

/** CE-CLIP's paper. */
export const LITERATURE: Literature = {
  citations: { ceClipNegatives: [CE_CLIP], ceClipLoss: [CE_CLIP] },
};
