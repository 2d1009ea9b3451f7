/**
 * The papers of the benchmarks, as BibTeX.
 *
 * @module
 */

const SUGAR_CREPE = `@inproceedings{hsieh2023sugarcrepe,
  title = {{SugarCrepe}: Fixing Hackable Benchmarks for Vision-Language Compositionality},
  author = {Hsieh, Cheng-Yu and Zhang, Jieyu and Ma, Zixian and Kembhavi, Aniruddha and
            Krishna, Ranjay},
  booktitle = {Advances in Neural Information Processing Systems, Datasets and Benchmarks},
  year = {2023}
}`;

const SUGAR_CREPE_PP = `@inproceedings{dumpala2024sugarcrepepp,
  title = {{SUGARCREPE++} Dataset: Vision-Language Model Sensitivity to Semantic and Lexical
           Alterations},
  author = {Dumpala, Sri Harsha and Jaiswal, Aman and Sastry, Chandramouli and Milios, Evangelos and
            Oore, Sageev and Sajjad, Hassan},
  booktitle = {Advances in Neural Information Processing Systems, Datasets and Benchmarks},
  year = {2024}
}`;

/** The paper of ARO, which NegCLIP is of too. */
export const ARO = `@inproceedings{yuksekgonul2023bags,
  title = {When and Why Vision-Language Models Behave like Bags-of-Words, and What to Do About It?},
  author = {Yuksekgonul, Mert and Bianchi, Federico and Kalluri, Pratyusha and Jurafsky, Dan and
            Zou, James},
  booktitle = {International Conference on Learning Representations},
  year = {2023},
  eprint = {2210.01936},
  archivePrefix = {arXiv}
}`;

const WINOGROUND = `@inproceedings{thrush2022winoground,
  title = {Winoground: Probing Vision and Language Models for Visio-Linguistic Compositionality},
  author = {Thrush, Tristan and Jiang, Ryan and Bartolo, Max and Singh, Amanpreet and
            Williams, Adina and Kiela, Douwe and Ross, Candace},
  booktitle = {Proceedings of the IEEE/CVF Conference on Computer Vision and Pattern Recognition},
  year = {2022}
}`;

const VALSE = `@inproceedings{parcalabescu2022valse,
  title = {{VALSE}: A Task-Independent Benchmark for Vision and Language Models Centered on
           Linguistic Phenomena},
  author = {Parcalabescu, Letitia and Cafagna, Michele and Muradjan, Lilitta and Frank, Anette and
            Calixto, Iacer and Gatt, Albert},
  booktitle = {Proceedings of the 60th Annual Meeting of the Association for Computational Linguistics},
  year = {2022}
}`;

const VL_CHECKLIST = `@inproceedings{zhao2022vlchecklist,
  title = {{VL-CheckList}: Evaluating Pre-trained Vision-Language Models with Objects, Attributes
           and Relations},
  author = {Zhao, Tiancheng and Zhang, Tianqi and Zhu, Mingwei and Shen, Haozhan and Lee, Kyusong and
            Lu, Xiaopeng and Yin, Jianwei},
  booktitle = {Proceedings of the Conference on Empirical Methods in Natural Language Processing:
               System Demonstrations},
  year = {2022}
}`;

const SVO_PROBES = `@inproceedings{hendricks2021probing,
  title = {Probing Image-Language Transformers for Verb Understanding},
  author = {Hendricks, Lisa Anne and Nematzadeh, Aida},
  booktitle = {Findings of the Association for Computational Linguistics: ACL-IJCNLP},
  year = {2021}
}`;

const COLA = `@inproceedings{ray2023cola,
  title = {{COLA}: A Benchmark for Compositional Text-to-Image Retrieval},
  author = {Ray, Arijit and Radenovic, Filip and Dubey, Abhimanyu and Plummer, Bryan A. and
            Krishna, Ranjay and Saenko, Kate},
  booktitle = {Advances in Neural Information Processing Systems, Datasets and Benchmarks},
  year = {2023}
}`;

/** The paper of COCO's pictures. */
export const COCO = `@inproceedings{lin2014coco,
  title = {Microsoft {COCO}: Common Objects in Context},
  author = {Lin, Tsung-Yi and Maire, Michael and Belongie, Serge and Hays, James and Perona, Pietro
            and Ramanan, Deva and Doll{\\'a}r, Piotr and Zitnick, C. Lawrence},
  booktitle = {European Conference on Computer Vision},
  year = {2014}
}`;

/** The paper that Karpathy's splits are of. */
export const KARPATHY = `@inproceedings{karpathy2015deep,
  title = {Deep Visual-Semantic Alignments for Generating Image Descriptions},
  author = {Karpathy, Andrej and Fei-Fei, Li},
  booktitle = {Proceedings of the IEEE Conference on Computer Vision and Pattern Recognition},
  year = {2015}
}`;

const FLICKR30K = `@article{young2014flickr30k,
  title = {From Image Descriptions to Visual Denotations: New Similarity Metrics for Semantic
           Inference over Event Descriptions},
  author = {Young, Peter and Lai, Alice and Hodosh, Micah and Hockenmaier, Julia},
  journal = {Transactions of the Association for Computational Linguistics},
  volume = {2},
  year = {2014}
}`;

const IMAGENET = `@article{russakovsky2015imagenet,
  title = {{ImageNet} Large Scale Visual Recognition Challenge},
  author = {Russakovsky, Olga and Deng, Jia and Su, Hao and Krause, Jonathan and Satheesh, Sanjeev
            and Ma, Sean and Huang, Zhiheng and Karpathy, Andrej and Khosla, Aditya and
            Bernstein, Michael and Berg, Alexander C. and Fei-Fei, Li},
  journal = {International Journal of Computer Vision},
  volume = {115},
  year = {2015}
}`;

const CIFAR = `@techreport{krizhevsky2009cifar,
  title = {Learning Multiple Layers of Features from Tiny Images},
  author = {Krizhevsky, Alex},
  institution = {University of Toronto},
  year = {2009}
}`;

const BIVLC = `@inproceedings{miranda2024bivlc,
  title = {{BiVLC}: Extending Vision-Language Compositionality Evaluation with Text-to-Image
           Retrieval},
  author = {Miranda, Imanol and Salaberria, Ander and Agirre, Eneko and Azkune, Gorka},
  booktitle = {Advances in Neural Information Processing Systems, Datasets and Benchmarks},
  year = {2024},
  eprint = {2406.09952},
  archivePrefix = {arXiv}
}`;

const WHATS_UP = `@inproceedings{kamath2023whatsup,
  title = {What's \`\`up'' with vision-language models? Investigating their struggle with spatial
           reasoning},
  author = {Kamath, Amita and Hessel, Jack and Chang, Kai-Wei},
  booktitle = {Proceedings of the Conference on Empirical Methods in Natural Language Processing},
  year = {2023}
}`;

const NEGBENCH = `@inproceedings{alhamoud2025negation,
  title = {Vision-Language Models Do Not Understand Negation},
  author = {Alhamoud, Kumail and Alshammari, Shaden and Tian, Yonglong and Li, Guohao and
            Torr, Philip and Kim, Yoon and Ghassemi, Marzyeh},
  booktitle = {Proceedings of the IEEE/CVF Conference on Computer Vision and Pattern Recognition},
  year = {2025},
  eprint = {2501.09425},
  archivePrefix = {arXiv}
}`;

const VISMIN = `@inproceedings{awal2024vismin,
  title = {{VisMin}: Visual Minimal-Change Understanding},
  author = {Awal, Rabiul and Ahmadi, Saba and Zhang, Le and Agrawal, Aishwarya},
  booktitle = {Advances in Neural Information Processing Systems},
  year = {2024},
  eprint = {2407.16772},
  archivePrefix = {arXiv}
}`;

const MMVP = `@inproceedings{tong2024eyes,
  title = {Eyes Wide Shut? Exploring the Visual Shortcomings of Multimodal {LLMs}},
  author = {Tong, Shengbang and Liu, Zhuang and Zhai, Yuexiang and Ma, Yi and LeCun, Yann and
            Xie, Saining},
  booktitle = {Proceedings of the IEEE/CVF Conference on Computer Vision and Pattern Recognition},
  year = {2024},
  eprint = {2401.06209},
  archivePrefix = {arXiv}
}`;

const CREPE = `@article{ma2022crepe,
  title = {{CREPE}: Can Vision-Language Foundation Models Reason Compositionally?},
  author = {Ma, Zixian and Hong, Jerry and Gul, Mustafa Omer and Gandhi, Mona and Gao, Irena and
            Krishna, Ranjay},
  journal = {arXiv preprint arXiv:2212.07796},
  year = {2022}
}`;

const SPEC = `@inproceedings{peng2024synthesize,
  title = {Synthesize, Diagnose, and Optimize: Towards Fine-Grained Vision-Language Understanding},
  author = {Peng, Wujian and Xie, Sicheng and You, Zuyao and Lan, Shiyi and Wu, Zuxuan},
  booktitle = {Proceedings of the IEEE/CVF Conference on Computer Vision and Pattern Recognition},
  year = {2024},
  eprint = {2312.00081},
  archivePrefix = {arXiv}
}`;

const COLOR_SWAP = `@inproceedings{burapacheep2024colorswap,
  title = {{ColorSwap}: A Color and Word Order Dataset for Multimodal Evaluation},
  author = {Burapacheep, Jirayu and Gaur, Ishan and Bhatia, Agam and Thrush, Tristan},
  booktitle = {Findings of the Association for Computational Linguistics: ACL},
  year = {2024},
  eprint = {2402.04492},
  archivePrefix = {arXiv}
}`;

const COCO_COUNTERFACTUALS = `@inproceedings{le2023counterfactuals,
  title = {{COCO-Counterfactuals}: Automatically Constructed Counterfactual Examples for Image-Text
           Pairs},
  author = {Le, Tiep and Lal, Vasudev and Howard, Phillip},
  booktitle = {Advances in Neural Information Processing Systems, Datasets and Benchmarks},
  year = {2023}
}`;

const NATURAL_BENCH = `@inproceedings{li2024naturalbench,
  title = {{NaturalBench}: Evaluating Vision-Language Models on Natural Adversarial Samples},
  author = {Li, Baiqi and Lin, Zhiqiu and Peng, Wenxuan and Nyandwi, Jean de Dieu and
            Jiang, Daniel and Ma, Zixian and Khanuja, Simran and Krishna, Ranjay and
            Neubig, Graham and Ramanan, Deva},
  booktitle = {Advances in Neural Information Processing Systems, Datasets and Benchmarks},
  year = {2024},
  eprint = {2410.14669},
  archivePrefix = {arXiv}
}`;

/** The paper of half-truths, which CS-CLIP is of too. */
export const CS_CLIP = `@article{kargi2026halftruths,
  title = {Half-Truths Break Similarity-Based Retrieval},
  author = {Kargi, Bora and Uselis, Arnas and Oh, Seong Joon},
  journal = {arXiv preprint arXiv:2602.23906},
  year = {2026}
}`;

/** The papers of each benchmark, by the name of its evaluator. */
export const CITATIONS: Readonly<Record<string, readonly string[]>> = {
  sugarCrepe: [SUGAR_CREPE],
  sugarCrepePp: [SUGAR_CREPE_PP],
  vgRelation: [ARO],
  vgAttribution: [ARO],
  cocoOrder: [ARO, COCO],
  flickr30kOrder: [ARO, FLICKR30K],
  winoground: [WINOGROUND],
  valse: [VALSE],
  vlChecklist: [VL_CHECKLIST],
  svoProbes: [SVO_PROBES],
  cola: [COLA],
  cocoRetrieval: [COCO, KARPATHY],
  flickr30kRetrieval: [FLICKR30K, KARPATHY],
  bivlc: [BIVLC],
  whatsUp: [WHATS_UP],
  negbenchMcq: [NEGBENCH],
  negbenchRetrieval: [NEGBENCH, COCO],
  vismin: [VISMIN],
  mmvpVlm: [MMVP],
  crepe: [CREPE],
  spec: [SPEC],
  colorSwap: [COLOR_SWAP],
  cocoCounterfactuals: [COCO_COUNTERFACTUALS],
  naturalBench: [NATURAL_BENCH],
  halfTruths: [CS_CLIP],
  zeroShotImageNet: [IMAGENET],
  zeroShotCifar10: [CIFAR],
  zeroShotCifar100: [CIFAR],
};
