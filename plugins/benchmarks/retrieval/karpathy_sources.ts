import type { BenchmarkSource } from "../../../core/benchmark.ts";

const blip = "https://storage.googleapis.com/sfr-vision-language-research/datasets";

/** Where COCO's Karpathy test split comes from; its 5,000 pictures have 25,010 captions. */
export const COCO_TEST: Omit<BenchmarkSource, "title" | "items"> = {
  paper: "https://arxiv.org/abs/1412.2306",
  homepage: "https://cs.stanford.edu/people/karpathy/deepimagesent",
  annotations: `${blip}/coco_karpathy_test.json`,
  pictures: "COCO's val2014, http://images.cocodataset.org/zips/val2014.zip",
  licence: "CC-BY-4.0 (COCO's annotations)",
  gated: false,
};

/** Where Flickr30k's Karpathy test split comes from; its 1,000 pictures have 5,000 captions. */
export const FLICKR30K_TEST: Omit<BenchmarkSource, "title" | "items"> = {
  paper: "https://arxiv.org/abs/1412.2306",
  homepage: "https://shannon.cs.illinois.edu/DenotationGraph",
  annotations: `${blip}/flickr30k_test.json`,
  pictures: "flickr30k-images, asked for by a form, https://forms.illinois.edu/sec/229675",
  licence: "Flickr30k's own terms (research)",
  gated: true,
};
