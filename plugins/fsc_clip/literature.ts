import type { Literature } from "../../core/literature.ts";

const FSC_CLIP = `@inproceedings{oh2024preserving,
  title = {Preserving Multi-Modal Capabilities of Pre-trained {VLMs} for Improving Vision-Linguistic
           Compositionality},
  author = {Oh, Youngtaek and Cho, Jae Won and Kim, Dong-Jin and Kweon, In So and Kim, Junmo},
  booktitle = {Proceedings of the Conference on Empirical Methods in Natural Language Processing},
  year = {2024},
  eprint = {2410.05210},
  archivePrefix = {arXiv}
}`;

/** FSC-CLIP's paper. */
export const LITERATURE: Literature = {
  citations: {
    fscClipLoss: [FSC_CLIP],
    fscClipGlobalLoss: [FSC_CLIP],
    fscClipNegatives: [FSC_CLIP],
    shuffleBigrams: [FSC_CLIP],
  },
};
