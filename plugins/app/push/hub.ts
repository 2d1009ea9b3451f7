/**
 * What is used of Hugging Face's library for its hub: this module is imported when something is pushed.
 *
 * @module
 */
export { commitIter, createRepo, HubApiError, modelInfo } from "@huggingface/hub";
