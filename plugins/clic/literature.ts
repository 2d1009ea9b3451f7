import type { Literature } from "../../core/literature.ts";

const CLIC = `@inproceedings{peleg2025clic,
  title = {Advancing Compositional Awareness in {CLIP} with Efficient Fine-Tuning},
  author = {Peleg, Amit and Singh, Naman Deep and Hein, Matthias},
  booktitle = {Advances in Neural Information Processing Systems},
  year = {2025},
  eprint = {2505.24424},
  archivePrefix = {arXiv}
}`;

/** CLIC's paper. */
export const LITERATURE: Literature = {
  citations: { clicPairs: [CLIC], clicLoss: [CLIC], clicSigmoidLoss: [CLIC] },
};
