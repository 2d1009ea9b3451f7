/**
 * Files by address: a Hugging Face repository, an `https:` URL or a path; cached, resumed where a
 * download broke off, checked, and usable without a network.
 *
 * @module
 */
export { type Address, type HubAddress, type LocalAddress, type WebAddress } from "./address.ts";
export { hubUrl, joinAddress, parseAddress } from "./address.ts";
export * from "./asset_error.ts";
export * from "../../assets.ts";
export { cachePath } from "./cache.ts";
export * from "./create_assets.ts";
export * from "./environment.ts";
