/**
 * What is used of Hugging Face's library for models in ONNX. It is large: this module is imported
 * when a model is opened.
 *
 * @module
 */
export {
  AutoModelForVision2Seq,
  AutoProcessor,
  AutoTokenizer,
  pipeline,
  RawImage,
  Tensor,
} from "@huggingface/transformers";
