/**
 * The names under which open_clip knows the architectures that recipes can expect. Its `-quickgelu` ones
 * are OpenAI's; CLIPS has no name there, and is called as its authors' repository.
 */
export type ArchitectureName =
  | "ViT-B-32-quickgelu"
  | "ViT-B-16-quickgelu"
  | "ViT-L-14-quickgelu"
  | "ViT-B-32"
  | "ViT-B-16"
  | "ViT-L-14"
  | "ViT-H-14"
  | "ViT-g-14"
  | "ViT-bigG-14"
  | "ViT-L-14-CLIPA"
  | "ViT-H-14-CLIPA"
  | "ViT-L-14-CLIPS-224"
  | "EVA02-B-16"
  | "EVA02-L-14"
  | "ViT-B-16-SigLIP"
  | "ViT-B-16-SigLIP2"
  | "ViT-L-16-SigLIP-256"
  | "ViT-L-16-SigLIP2-256"
  | "ViT-SO400M-14-SigLIP"
  | "ViT-SO400M-14-SigLIP2"
  | "roberta-ViT-B-32"
  | "xlm-roberta-base-ViT-B-32"
  | "xlm-roberta-large-ViT-H-14";

/** Those of other towers than CLIP's own, or other tokenizers. */
export type FamilyArchitecture = Extract<
  ArchitectureName,
  | `${string}-CLIP${string}`
  | `EVA${string}`
  | `${string}-SigLIP${string}`
  | `${string}roberta-${string}`
>;
