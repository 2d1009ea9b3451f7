/**
 * LABCLIP: a matrix on the text embeddings of frozen towers, trained with hard negatives and folded
 * into the model (Koishigarina, Uselis and Oh, ICLR 2026).
 *
 * @module
 */
export { foldMatrix } from "./fold_matrix.ts";
export { labclipLoss } from "./loss.ts";
export { labclipNegatives } from "./negatives.ts";
export { onEmbeddings } from "./on_embeddings.ts";
