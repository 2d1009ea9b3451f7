import type { Literature } from "../../core/literature.ts";

const C2LIP = `@inproceedings{pham2026c2lip,
  title = {No Hard Negatives Required: Concept Centric Learning Leads to Compositionality without
           Degrading Zero-shot Capabilities of Contrastive Models},
  author = {Pham, Hai Xuan and Hoffmann, David and Guerrero, Ricardo and Martinez, Brais},
  booktitle = {Proceedings of the IEEE/CVF Conference on Computer Vision and Pattern Recognition},
  year = {2026},
  eprint = {2603.25722},
  archivePrefix = {arXiv}
}`;

/** C2LIP's paper. */
export const LITERATURE: Literature = {
  citations: { c2lipLoss: [C2LIP], c2lipPooledLoss: [C2LIP], c2lipRows: [C2LIP] },
};
