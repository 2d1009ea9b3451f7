import type { Literature } from "../../core/literature.ts";

const ARO = `@inproceedings{yuksekgonul2023bags,
  title = {When and Why Vision-Language Models Behave like Bags-of-Words, and What to Do About It?},
  author = {Yuksekgonul, Mert and Bianchi, Federico and Kalluri, Pratyusha and Jurafsky, Dan and
            Zou, James},
  booktitle = {International Conference on Learning Representations},
  year = {2023}
}`;

/** The paper that NegCLIP is of. */
export const LITERATURE: Literature = {
  citations: { negclipRows: [ARO], negclipSwaps: [ARO] },
};
