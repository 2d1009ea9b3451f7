import type { Literature } from "../../core/literature.ts";

const LABCLIP = `@inproceedings{koishigarina2026labclip,
  title = {{CLIP} Behaves like a Bag-of-Words Model Cross-modally but not Uni-modally},
  author = {Koishigarina, Darina and Uselis, Arnas and Oh, Seong Joon},
  booktitle = {International Conference on Learning Representations},
  year = {2026},
  eprint = {2502.03566},
  archivePrefix = {arXiv}
}`;

/** LABCLIP's paper. */
export const LITERATURE: Literature = {
  citations: { labclipLoss: [LABCLIP], foldMatrix: [LABCLIP] },
};
