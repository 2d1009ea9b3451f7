/**
 * Fields of configuration files that change no embedding, so that all others can be refused.
 *
 * @module
 */

/** What transformers writes into any configuration, of which a CLIP makes no use. */
const ANY_MODEL = [
  "_attn_implementation",
  "_attn_implementation_autoset",
  "_commit_hash",
  "_name_or_path",
  "add_cross_attention",
  "architectures",
  "bad_words_ids",
  "begin_suppress_tokens",
  "bos_token_id",
  "chunk_size_feed_forward",
  "cross_attention_hidden_size",
  "decoder_start_token_id",
  "diversity_penalty",
  "do_sample",
  "dtype",
  "early_stopping",
  "encoder_no_repeat_ngram_size",
  "exponential_decay_length_penalty",
  "finetuning_task",
  "forced_bos_token_id",
  "forced_eos_token_id",
  "gradient_checkpointing",
  "id2label",
  "initializer_factor",
  "initializer_range",
  "is_decoder",
  "is_encoder_decoder",
  "label2id",
  "length_penalty",
  "max_length",
  "min_length",
  "no_repeat_ngram_size",
  "num_beam_groups",
  "num_beams",
  "num_return_sequences",
  "output_attentions",
  "output_hidden_states",
  "output_scores",
  "pad_token_id",
  "prefix",
  "problem_type",
  "remove_invalid_values",
  "repetition_penalty",
  "return_dict",
  "return_dict_in_generate",
  "sep_token_id",
  "suppress_tokens",
  "task_specific_params",
  "temperature",
  "tf_legacy_loss",
  "tie_encoder_decoder",
  "tie_word_embeddings",
  "tokenizer_class",
  "top_k",
  "top_p",
  "torch_dtype",
  "torchscript",
  "transformers_version",
  "typical_p",
  "use_bfloat16",
  "use_cache",
];

/** Of transformers' `CLIPConfig`: `logit_scale_init_value` counts only where nothing is loaded. */
export const HUGGING_FACE_FIELDS: readonly string[] = [...ANY_MODEL, "logit_scale_init_value"];

/** Of its two towers: dropout acts in training alone, the projections' length stands above them. */
export const HUGGING_FACE_TOWER_FIELDS: readonly string[] = [
  ...ANY_MODEL,
  "attention_dropout",
  "dropout",
  "projection_dim",
];

/** Of transformers' `BertConfig`, `RobertaConfig` and `XLMRobertaConfig`, likewise. */
export const BERT_FIELDS: readonly string[] = [
  ...ANY_MODEL,
  "attention_probs_dropout_prob",
  "classifier_dropout",
  "directionality",
  "eos_token_id",
  "hidden_dropout_prob",
  "initializer_range",
  "output_past",
  "pooler_fc_size",
  "pooler_num_attention_heads",
  "pooler_num_fc_layers",
  "pooler_size_per_head",
  "pooler_type",
];

/** Of transformers' `CLIPImageProcessor`. */
export const IMAGE_PROCESSOR_FIELDS: readonly string[] = [
  "_valid_processor_keys",
  "data_format",
  "default_to_square",
  "device",
  "disable_grouping",
  "feature_extractor_type",
  "image_processor_type",
  "input_data_format",
  "processor_class",
  "return_tensors",
];

/**
 * Of open_clip's image tower: what acts in training alone, or belongs to a tower or a pooling that is
 * asked for by another field.
 */
export const OPEN_CLIP_VISION_FIELDS: readonly string[] = [
  "n_queries",
  "output_tokens",
  "patch_dropout",
  "timm_drop",
  "timm_drop_path",
  "timm_model_pretrained",
  "timm_pool",
  "timm_proj",
  "timm_proj_bias",
];

/** Of open_clip's text tower, likewise. */
export const OPEN_CLIP_TEXT_FIELDS: readonly string[] = [
  "hf_model_pretrained",
  "hf_pooler_type",
  "hf_proj_type",
  "output_tokens",
];
