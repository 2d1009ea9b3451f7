import { COCO, KARPATHY } from "./citations.ts";

const COCO_CAPTIONS = `@article{chen2015cococaptions,
  title = {Microsoft {COCO} Captions: Data Collection and Evaluation Server},
  author = {Chen, Xinlei and Fang, Hao and Lin, Tsung-Yi and Vedantam, Ramakrishna and
            Gupta, Saurabh and Doll{\\'a}r, Piotr and Zitnick, C. Lawrence},
  journal = {arXiv preprint arXiv:1504.00325},
  year = {2015}
}`;

const LAION = `@article{schuhmann2021laion400m,
  title = {{LAION-400M}: Open Dataset of {CLIP}-Filtered 400 Million Image-Text Pairs},
  author = {Schuhmann, Christoph and Vencu, Richard and Beaumont, Romain and
            Kaczmarczyk, Robert and Mullis, Clayton and Katta, Aarush and Coombes, Theo and
            Jitsev, Jenia and Komatsuzaki, Aran},
  journal = {arXiv preprint arXiv:2111.02114},
  year = {2021}
}`;

const COG_VLM = `@article{wang2023cogvlm,
  title = {{CogVLM}: Visual Expert for Pretrained Language Models},
  author = {Wang, Weihan and Lv, Qingsong and Yu, Wenmeng and Hong, Wenyi and Qi, Ji and Wang, Yan
            and Ji, Junhui and Yang, Zhuoyi and Zhao, Lei and Song, Xixuan and Xu, Jiazheng and
            Xu, Bin and Li, Juanzi and Dong, Yuxiao and Ding, Ming and Tang, Jie},
  journal = {arXiv preprint arXiv:2311.03079},
  year = {2023}
}`;

const PIXEL_PROSE = `@article{singla2024pixelprose,
  title = {From Pixels to Prose: A Large Dataset of Dense Image Captions},
  author = {Singla, Vasu and Yue, Kaiyu and Paul, Sukriti and Shirkavand, Reza and
            Jayawardhana, Mayuka and Ganjdanesh, Alireza and Huang, Heng and Bhatele, Abhinav and
            Somepalli, Gowthami and Goldstein, Tom},
  journal = {arXiv preprint arXiv:2406.10328},
  year = {2024}
}`;

const RED_CAPS = `@inproceedings{desai2021redcaps,
  title = {{RedCaps}: Web-Curated Image-Text Data Created by the People, for the People},
  author = {Desai, Karan and Kaul, Gaurav and Aysola, Zubin and Johnson, Justin},
  booktitle = {Advances in Neural Information Processing Systems, Datasets and Benchmarks},
  year = {2021}
}`;

/** The papers of published captions, by the names of their files. */
export const PUBLISHED_DATA: Readonly<Record<string, readonly string[]>> = {
  "captions_train2014.json": [COCO, COCO_CAPTIONS],
  "captions_val2014.json": [COCO, COCO_CAPTIONS],
  "captions_train2017.json": [COCO, COCO_CAPTIONS],
  "captions_val2017.json": [COCO, COCO_CAPTIONS],
  "dataset_coco.json": [COCO, COCO_CAPTIONS, KARPATHY],
  "CLIC-CogVLM-relabelled-Laion.csv": [LAION, COG_VLM],
  "vlm_captions_redcaps_*.parquet": [RED_CAPS, PIXEL_PROSE],
};
