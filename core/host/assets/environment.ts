import { join } from "node:path";
import { expandHome, homeFolder } from "../expand_home.ts";
import type { Assets } from "../../assets.ts";
import { type AssetsOptions, createAssets } from "./create_assets.ts";

/** Reads one variable of the environment. */
export type ReadVariable = (name: string) => string | undefined;

/**
 * {@linkcode createAssets} as the environment asks; see {@linkcode assetsOptionsFromEnvironment}.
 *
 * @param changes Options that come before those of the environment.
 * @throws {RangeError} if `HF_ENDPOINT` is not a URL, or there is no home folder for the cache.
 */
export function assetsFromEnvironment(changes: Partial<AssetsOptions> = {}): Assets {
  const options = assetsOptionsFromEnvironment((name) => Deno.env.get(name));
  return createAssets({ ...options, ...changes });
}

/**
 * What the environment says of files:
 * - `SYNTAGMA_CACHE`: the cache folder (else `syntagma` in `XDG_CACHE_HOME` or `~/.cache`);
 * - `HF_ENDPOINT`: a mirror of `https://huggingface.co`;
 * - `HF_TOKEN`, or the file that `HF_TOKEN_PATH` names, or `token` in `HF_HOME`;
 * - `HF_HUB_CACHE`, or `hub` in `HF_HOME`: what Hugging Face's own tools have fetched
 *   (`HF_HOME` is `huggingface` in `XDG_CACHE_HOME` or `~/.cache` where it is not set);
 * - `SYNTAGMA_OFFLINE` or `HF_HUB_OFFLINE`: `1`, `on`, `yes` or `true` asks no server.
 *
 * @throws {RangeError} if there is neither `SYNTAGMA_CACHE` nor a home folder.
 */
export function assetsOptionsFromEnvironment(read: ReadVariable): AssetsOptions {
  const get = (name: string): string | undefined => read(name) || undefined;
  const home = homeFolder(read);
  const path = (name: string) => {
    const written = get(name);
    return written === undefined ? undefined : expandHome(written, () => home);
  };
  const caches = path("XDG_CACHE_HOME") ?? (home && join(home, ".cache"));
  const cache = path("SYNTAGMA_CACHE") ?? (caches && join(caches, "syntagma"));
  if (cache === undefined) {
    throw new RangeError("SYNTAGMA_CACHE: expected a folder, since there is no home folder");
  }
  const hubHome = path("HF_HOME") ?? (caches && join(caches, "huggingface"));
  const tokenPath = path("HF_TOKEN_PATH") ?? (hubHome && join(hubHome, "token"));
  return {
    cache,
    endpoint: get("HF_ENDPOINT"),
    token: get("HF_TOKEN") ?? (tokenPath && readToken(tokenPath)),
    hubCache: path("HF_HUB_CACHE") ?? (hubHome && join(hubHome, "hub")),
    offline: isOn(get("SYNTAGMA_OFFLINE")) || isOn(get("HF_HUB_OFFLINE")),
  };
}

function readToken(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path).trim() || undefined;
  } catch {
    // Whoever has not logged in has no such file, and most files need no token.
    return undefined;
  }
}

function isOn(value: string | undefined): boolean {
  return ["1", "on", "yes", "true"].includes(value?.toLowerCase() ?? "");
}
