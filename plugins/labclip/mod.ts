/**
 * LABCLIP: a matrix on the text embeddings of frozen towers, trained with hard negatives and folded
 * into the model (Koishigarina, Uselis and Oh, ICLR 2026).
 *
 * @module
 */
export { foldMatrix, type FoldMatrixOptions } from "./fold_matrix.ts";
export { labclipLoss, type LabclipLossOptions } from "./loss.ts";
export { labclipNegatives, type LabclipNegativesOptions } from "./negatives.ts";
export { onEmbeddings, type OnEmbeddingsOptions } from "./on_embeddings.ts";
