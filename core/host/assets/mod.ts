/**
 * Files by address: a Hugging Face repository, an `https:` URL or a path; cached, resumed where a
 * download broke off, checked, and usable without a network.
 *
 * @module
 */
export { type AssetsOptions, createAssets } from "./create_assets.ts";
