/**
 * The recipes that the command line knows by name.
 *
 * @module
 */

/** Recipes by name, each loaded when it is asked for. */
import type { RecipeList } from "../core/recipe_list.ts";
export const recipes: RecipeList = {
  "ce-clip-vitb16": {
    description: "CE-CLIP fine-tunes OpenAI's ViT-B/16 on COCO with ranked negatives of four kinds",
    load: () => import("./ce_clip_vitb16.ts"),
  },
  "ce-clip-vitb32": {
    description: "CE-CLIP fine-tunes OpenAI's ViT-B/32 on COCO with ranked negatives of four kinds",
    load: () => import("./ce_clip_vitb32.ts"),
  },
  "ce-clip-vitl14": {
    description: "CE-CLIP fine-tunes OpenAI's ViT-L/14 on COCO with ranked negatives of four kinds",
    load: () => import("./ce_clip_vitl14.ts"),
  },
  "clic-ranked-vitb32": {
    description: "CLIC's pairs with CE-CLIP's ranked negatives and patching, on OpenAI's ViT-B/32",
    load: () => import("./clic_ranked_vitb32.ts"),
  },
  "clic-tiny": {
    description: "CLIC on the embedded tiny CLIP and its world of scenes; needs nothing else",
    load: () => import("./clic_tiny.ts"),
  },
  "clic-vitb16": {
    description: "CLIC fine-tunes the text side of OpenAI's ViT-B/16 on pairs of pictures",
    load: () => import("./clic_vitb16.ts"),
  },
  "clic-vitb32": {
    description: "CLIC fine-tunes the text side of OpenAI's ViT-B/32 on pairs of pictures",
    load: () => import("./clic_vitb32.ts"),
  },
  "clic-vitl14": {
    description: "CLIC fine-tunes the text side of OpenAI's ViT-L/14 on pairs of pictures",
    load: () => import("./clic_vitl14.ts"),
  },
  "clove-vitb16": {
    description: "CLoVe fine-tunes OpenAI's ViT-B/16 on synthetic captions, then patches it",
    load: () => import("./clove_vitb16.ts"),
  },
  "clove-vitb32": {
    description: "CLoVe fine-tunes OpenAI's ViT-B/32 on synthetic captions, then patches it",
    load: () => import("./clove_vitb32.ts"),
  },
  "clove-vitl14": {
    description: "CLoVe fine-tunes OpenAI's ViT-L/14 on synthetic captions, then patches it",
    load: () => import("./clove_vitl14.ts"),
  },
  "negclip-vitb16": {
    description:
      "NegCLIP fine-tunes OpenAI's ViT-B/16 on COCO with swapped captions and look-alikes",
    load: () => import("./negclip_vitb16.ts"),
  },
  "negclip-vitb32": {
    description:
      "NegCLIP fine-tunes OpenAI's ViT-B/32 on COCO with swapped captions and look-alikes",
    load: () => import("./negclip_vitb32.ts"),
  },
  "negclip-vitl14": {
    description:
      "NegCLIP fine-tunes OpenAI's ViT-L/14 on COCO with swapped captions and look-alikes",
    load: () => import("./negclip_vitl14.ts"),
  },
  "pretrain-tiny": {
    description: "Trains the embedded tiny CLIP from nothing on procedural scenes",
    load: () => import("./pretrain_tiny.ts"),
  },
  "study-tiny": {
    description: "Compares all methods on the embedded tiny CLIP, with three seeds",
    load: () => import("./study_tiny.ts"),
  },
};
