import type { Literature } from "../../core/literature.ts";

const PATCHING = `@inproceedings{ilharco2022patching,
  title = {Patching Open-Vocabulary Models by Interpolating Weights},
  author = {Ilharco, Gabriel and Wortsman, Mitchell and Gadre, Samir Yitzhak and Song, Shuran and
            Hajishirzi, Hannaneh and Kornblith, Simon and Farhadi, Ali and Schmidt, Ludwig},
  booktitle = {Advances in Neural Information Processing Systems},
  year = {2022}
}`;

/** The paper on patching. */
export const LITERATURE: Literature = { citations: { patch: [PATCHING] } };
