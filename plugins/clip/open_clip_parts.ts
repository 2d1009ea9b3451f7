import type { ImageTower, TextTower } from "../../core/model.ts";
import { bertShapes } from "./bert/bert_shapes.ts";
import { bertTextTower } from "./bert/bert_tower.ts";
import { cocaTextTower } from "./coca_text_tower.ts";
import { clipImageTower } from "./image_tower.ts";
import type { ModelParts, TowerOf } from "./model_parts.ts";
import { type ClipNames, customTextNames, openClipNames } from "./names.ts";
import { clipImageShapes, clipTextShapes } from "./parameters.ts";
import type { OpenClipImage, OpenClipModel, OpenClipText } from "./parse_open_clip.ts";
import { resNetShapes } from "./resnet/resnet_shapes.ts";
import { resNetTower } from "./resnet/resnet_tower.ts";
import { clipTextTower } from "./text_tower.ts";
import { timmNames } from "./vit/timm_names.ts";
import { vitShapes } from "./vit/vit_shapes.ts";
import { vitTower } from "./vit/vit_tower.ts";

/**
 * The towers that a configuration of open_clip describes.
 *
 * @param isCustom Whether the text tower's names begin with `text.`: so they do where the tower is a
 *   module of its own.
 */
export function openClipParts(model: OpenClipModel, isCustom: boolean): ModelParts {
  const names = isCustom ? customTextNames : openClipNames;
  return {
    family: familyOf(model),
    dim: model.dim,
    image: imageOf(model.image, model.dim),
    text: textOf(model.text, names),
    tokenizer: model.tokenizer,
    preprocessing: model.preprocessing,
    logitScale: names.logitScale,
    ...(model.hasBias ? { logitBias: "logit_bias" } : {}),
  };
}

function familyOf({ image, text, tokenizer }: OpenClipModel): string {
  if (text.kind === "bert") return `${text.config.family} CLIP`;
  if (text.config.text.classToken) return "CoCa";
  if (image.kind !== "clip") return image.config.family;
  if (tokenizer.kind === "file" && tokenizer.clips) return "CLIPS";
  return image.config.image.pool === "mean" ? "CLIPA" : "CLIP";
}

function imageOf(image: OpenClipImage, dim: number): TowerOf<ImageTower> {
  switch (image.kind) {
    case "clip":
      return {
        tower: clipImageTower(image.config, openClipNames),
        shapes: clipImageShapes(image.config, openClipNames),
      };
    case "timm": {
      const names = timmNames(image.config);
      return {
        tower: vitTower(image.config, names, dim),
        shapes: vitShapes(image.config, names, dim),
      };
    }
    case "resnet":
      return {
        tower: resNetTower(image.config),
        shapes: resNetShapes(image.config, dim),
      };
  }
}

function textOf({ kind, config }: OpenClipText, names: ClipNames): TowerOf<TextTower> {
  if (kind === "bert") return { tower: bertTextTower(config), shapes: bertShapes(config) };
  const tower = config.text.classToken ? cocaTextTower : clipTextTower;
  return { tower: tower(config, names), shapes: clipTextShapes(config, names) };
}
