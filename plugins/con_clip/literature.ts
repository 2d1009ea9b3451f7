import type { Literature } from "../../core/literature.ts";

const CON_CLIP = `@inproceedings{singh2025learning,
  title = {Learning the Power of \`\`{No}'': Foundation Models with Negations},
  author = {Singh, Jaisidh and Shrivastava, Ishaan and Vatsa, Mayank and Singh, Richa and
            Bharati, Aparna},
  booktitle = {Proceedings of the Winter Conference on Applications of Computer Vision},
  year = {2025},
  eprint = {2403.20312},
  archivePrefix = {arXiv}
}`;

/** CoN-CLIP's paper. */
export const LITERATURE: Literature = {
  citations: { conClipLoss: [CON_CLIP], conClipRows: [CON_CLIP], negations: [CON_CLIP] },
};
