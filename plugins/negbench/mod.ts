/**
 * NegBench's training data and method: captions that say what is not there, and questions with wrong
 * answers (Alhamoud et al., CVPR 2025).
 *
 * @module
 */
export { negFullLoss } from "./loss.ts";
export { negationQuestions } from "./questions.ts";
export { negFullRows } from "./rows.ts";
export { negFullTables } from "./tables.ts";
