/**
 * Language: what the methods' negatives need to know about English sentences.
 *
 * @module
 */
export * from "./negative_generator.ts";
export * from "./tag.ts";
export * from "./tagger.ts";
export * from "./wink_tagger.ts";
