import type { AssetsOptions } from "../../../core/host/assets/create_assets.ts";
import { type Finding, reasonOf } from "./finding.ts";

/** Where `hf:` addresses are served by default. */
const HUB = "https://huggingface.co";

/** Milliseconds to wait for an answer. */
const PATIENCE = 5000;

/**
 * Whether the hub that `hf:` addresses are served from answers, and whose token is sent to it. A token
 * is shown to nobody but the hub.
 */
export async function lookAtHub(
  { endpoint = HUB, token, offline = false }: Pick<AssetsOptions, "endpoint" | "token" | "offline">,
  ask: typeof fetch = fetch,
): Promise<readonly Finding[]> {
  if (offline) {
    const found = "offline mode is on: nothing is downloaded";
    const advice = "unset SYNTAGMA_OFFLINE and HF_HUB_OFFLINE to download";
    return [{ what: "hub", state: "note", found, advice }];
  }
  const request = (path: string, init: RequestInit = {}) =>
    ask(`${endpoint.replace(/\/$/, "")}${path}`, {
      ...init,
      signal: AbortSignal.timeout(PATIENCE),
    });
  try {
    const response = await request("/api/models?limit=1");
    await response.body?.cancel();
    if (!response.ok) throw new Error(`it answers ${response.status}`);
  } catch (error) {
    const advice =
      "HF_ENDPOINT names a mirror, HTTPS_PROXY a proxy; SYNTAGMA_OFFLINE=1 asks nobody. " +
      "What is in the cache, and recipes on drawn scenes, need no hub";
    return [{ what: "hub", state: "note", found: `${endpoint}: ${reasonOf(error)}`, advice }];
  }
  const hub: Finding = { what: "hub", state: "ok", found: `${endpoint} answers` };
  if (token === undefined) {
    const advice = "HF_TOKEN is needed for gated and private repositories, and to push";
    return [hub, { what: "token", state: "absent", found: "none", advice }];
  }
  return [hub, await lookAtToken(request, token)];
}

async function lookAtToken(
  request: (path: string, init: RequestInit) => Promise<Response>,
  token: string,
): Promise<Finding> {
  const what = "token";
  try {
    const response = await request("/api/whoami-v2", {
      headers: { authorization: `Bearer ${token}` },
    });
    if (response.ok) {
      const { name } = await response.json() as { readonly name?: string };
      return { what, state: "ok", found: `of ${name ?? "somebody"}` };
    }
    await response.body?.cancel();
    const advice =
      "HF_TOKEN, or the file that it is kept in, holds a token that the hub does not know";
    return { what, state: "fault", found: `refused (${response.status})`, advice };
  } catch (error) {
    return { what, state: "note", found: reasonOf(error) };
  }
}
