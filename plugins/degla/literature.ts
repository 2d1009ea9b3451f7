import type { Literature } from "../../core/literature.ts";

const DEGLA = `@inproceedings{hu2025degla,
  title = {Decoupled Global-Local Alignment for Improving Compositional Understanding},
  author = {Hu, Xiaoxing and Yang, Kaicheng and Wang, Jun and Xu, Haoran and Feng, Ziyong and
            Wang, Yupei},
  booktitle = {Proceedings of the ACM International Conference on Multimedia},
  year = {2025},
  eprint = {2504.16801},
  archivePrefix = {arXiv}
}`;

/** DeGLA's paper. */
export const LITERATURE: Literature = {
  citations: { deglaLoss: [DEGLA], deglaNegatives: [DEGLA] },
};
