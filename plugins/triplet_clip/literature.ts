import type { Literature } from "../../core/literature.ts";

const TRIPLET_CLIP = `@inproceedings{patel2024tripletclip,
  title = {{TripletCLIP}: Improving Compositional Reasoning of {CLIP} via Synthetic Vision-Language
           Negatives},
  author = {Patel, Maitreya and Kusumba, Abhiram and Cheng, Sheng and Kim, Changhoon and
            Gokhale, Tejas and Baral, Chitta and Yang, Yezhou},
  booktitle = {Advances in Neural Information Processing Systems},
  year = {2024},
  eprint = {2411.02545},
  archivePrefix = {arXiv}
}`;

/** TripletCLIP's paper. */
export const LITERATURE: Literature = {
  citations: {
    tripletClipLoss: [TRIPLET_CLIP],
    tripletClipRows: [TRIPLET_CLIP],
    tripletData: [TRIPLET_CLIP],
  },
};
