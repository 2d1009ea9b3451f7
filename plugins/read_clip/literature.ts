import type { Literature } from "../../core/literature.ts";

const READ_CLIP = `@inproceedings{kwon2025readclip,
  title = {Enhancing Compositional Reasoning in {CLIP} via Reconstruction and Alignment of Text
           Descriptions},
  author = {Kwon, Jihoon and Min, Kyle and Sohn, Jy-yong},
  booktitle = {Advances in Neural Information Processing Systems},
  year = {2025},
  eprint = {2510.16540},
  archivePrefix = {arXiv}
}`;

/** READ-CLIP's paper. */
export const LITERATURE: Literature = {
  citations: {
    readClipLoss: [READ_CLIP],
    readClipAlignLoss: [READ_CLIP],
    readClipRows: [READ_CLIP],
  },
};
