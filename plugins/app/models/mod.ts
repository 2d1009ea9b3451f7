/**
 * Models to work with: similarities of pictures and texts, their embeddings, and training by hand.
 *
 * @module
 */
export { loadModel, type LoadModelOptions } from "./load_model.ts";
export type { LoadedModel } from "./loaded_model.ts";
export type { Picture } from "./picture.ts";
export type { Similarity } from "./similarity.ts";
export { createTrainer, type Trainer, type TrainerBatch, type TrainerSettings } from "./trainer.ts";
