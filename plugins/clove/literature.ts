import type { Literature } from "../../core/literature.ts";

const CLOVE = `@article{castro2024clove,
  title = {{CLoVe}: Encoding Compositional Language in Contrastive Vision-Language Models},
  author = {Castro, Santiago and Ziai, Amir and Saluja, Avneesh and Yuan, Zhuoning and
            Mihalcea, Rada},
  journal = {arXiv preprint arXiv:2402.15021},
  year = {2024}
}`;

/** CLoVe's paper. */
export const LITERATURE: Literature = { citations: { replace: [CLOVE] } };
