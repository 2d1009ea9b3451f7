import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expandHome } from "../expand_home.ts";
import { isLoopback } from "../is_loopback.ts";

/** A file in a Hugging Face repository. */
export interface HubAddress {
  /** Tells the kinds of address apart. */
  readonly kind: "hub";
  /** Whether it is a repository of a model or of a data set. */
  readonly repositories: "models" | "datasets";
  /** The user or organisation. */
  readonly owner: string;
  /** The repository's name. */
  readonly repo: string;
  /** A branch, a tag or a commit. */
  readonly revision: string;
  /** The file's path in the repository, with `/`. */
  readonly path: string;
}

/** A file on a web server. */
export interface WebAddress {
  /** Tells the kinds of address apart. */
  readonly kind: "web";
  /** Where it is; `https:`, or `http:` on this machine. */
  readonly url: URL;
}

/** A file on this machine. */
export interface LocalAddress {
  /** Tells the kinds of address apart. */
  readonly kind: "local";
  /** Absolute, or relative to the working folder. */
  readonly path: string;
}

/** Where a file is. */
export type Address = HubAddress | WebAddress | LocalAddress;

const hubForm = "hf:[datasets/]owner/repo[@revision]/path/in/repo";

/**
 * An address taken apart: `hf:owner/repo[@revision]/path/in/repo` of a model and
 * `hf:datasets/owner/repo[@revision]/path/in/repo` of a data set (the revision is `main` if it is
 * not given; a `/` in it is written `%2F`), `https://…`, `http://…` on this machine only, `file:`
 * URLs, and paths, in which `~/` is the home folder.
 *
 * @throws {SyntaxError} naming the address and the form that was expected.
 *
 * @example
 * ```ts
 * import { parseAddress } from "./address.ts";
 *
 * const address = parseAddress("hf:openai/clip-vit-base-patch32@main/config.json");
 * console.assert(address.kind === "hub" && address.path === "config.json");
 * ```
 */
export function parseAddress(address: string): Address {
  if (address.trim() === "") throw malformed(address, "a path, an https: URL or " + hubForm);
  if (address.startsWith("hf:")) return parseHubAddress(address);
  // One letter before the colon is a Windows drive.
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(address)?.[1]?.toLowerCase();
  if (scheme === undefined) return { kind: "local", path: expandHome(address) };
  if (scheme === "file") return { kind: "local", path: pathOfFileUrl(address) };
  if (scheme === "https" || scheme === "http") return parseWebAddress(address);
  throw malformed(
    address,
    `hf:, https: or file: before the colon (a path with a colon can begin with ./)`,
  );
}

/**
 * The address of a file in a folder: `name` joined to a base that is a repository, a folder in one,
 * a URL or a path. A URL's query stays at the end.
 *
 * @param base Such as `hf:owner/repo@revision`, `https://host/folder` or `/some/folder`.
 * @param name The file's name, or a path below the folder.
 *
 * @example
 * ```ts
 * import { joinAddress } from "./address.ts";
 *
 * console.assert(joinAddress("hf:owner/repo", "config.json") === "hf:owner/repo/config.json");
 * ```
 */
export function joinAddress(base: string, name: string): string {
  if (/^https?:|^file:/i.test(base)) {
    if (!URL.canParse(base)) throw malformed(base, "a URL");
    const url = new URL(base);
    url.pathname = `${url.pathname.replace(/\/+$/, "")}/${encodePath(name)}`;
    return url.href;
  }
  if (base.startsWith("hf:")) return `${base.replace(/\/+$/, "")}/${name}`;
  return join(base, name);
}

/**
 * The path that the address of a file or folder on this machine stands for; `undefined` for a
 * server's.
 *
 * @throws {SyntaxError} if it is a `file:` URL without an absolute path.
 */
export function localPath(address: string): string | undefined {
  if (/^(hf|https?):/i.test(address)) return undefined;
  return /^file:/i.test(address) ? pathOfFileUrl(address) : expandHome(address);
}

/** Where a file of a repository is served. */
export function hubUrl(endpoint: string, address: HubAddress): URL {
  const { revision, path } = address;
  const folder = `resolve/${encodeURIComponent(revision)}`;
  return new URL(`${repositoryPage(endpoint, address)}/${folder}/${encodePath(path)}`);
}

/** The page of a repository, where its terms can be accepted if it has any. */
export function repositoryPage(
  endpoint: string,
  { repositories, owner, repo }: Pick<HubAddress, "repositories" | "owner" | "repo">,
): string {
  const kind = repositories === "models" ? "" : `${repositories}/`;
  return `${endpoint.replace(/\/+$/, "")}/${kind}${owner}/${repo}`;
}

/** Whether a URL may be asked: `https:`, or `http:` where it cannot leave this machine. */
export function isSafeUrl(url: URL): boolean {
  return url.protocol === "https:" || url.protocol === "http:" && isLoopback(url.hostname);
}

function parseHubAddress(address: string): HubAddress {
  const set = "hf:datasets/";
  const isSet = address.startsWith(set);
  const match = /^(?<owner>[\w.-]+)\/(?<repo>[\w.-]+)(?:@(?<revision>[^/]+))?\/(?<path>.+)$/
    .exec(address.slice(isSet ? set.length : "hf:".length));
  if (match === null) throw malformed(address, hubForm);
  const { owner = "", repo = "", revision: written = "main", path = "" } = match.groups ?? {};
  const revision = decode(address, written);
  const parts = [owner, repo, ...revision.split("/"), ...path.split("/")];
  // These become folders of the cache, so none may lead out of it.
  if (parts.some((part) => ["", ".", ".."].includes(part) || /[\\\0]/.test(part))) {
    throw malformed(address, `${hubForm} without empty, "." or ".." parts`);
  }
  return {
    kind: "hub",
    repositories: isSet ? "datasets" : "models",
    owner,
    repo,
    revision,
    path,
  };
}

function parseWebAddress(address: string): WebAddress {
  if (!URL.canParse(address)) throw malformed(address, "https://host/path");
  const url = new URL(address);
  if (!isSafeUrl(url)) throw malformed(address, "https: (http: only for 127.0.0.1 and localhost)");
  if (url.username !== "" || url.password !== "") {
    throw malformed(`${url.protocol}//…@${url.host}${url.pathname}`, "a URL without a password");
  }
  if (url.pathname.endsWith("/")) throw malformed(address, "a URL that ends in a file's name");
  url.hash = "";
  return { kind: "web", url };
}

function pathOfFileUrl(address: string): string {
  try {
    return fileURLToPath(address);
  } catch {
    throw malformed(address, "file:///absolute/path");
  }
}

function decode(address: string, part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw malformed(address, hubForm);
  }
}

function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

function malformed(address: string, expected: string): SyntaxError {
  return new SyntaxError(`the address "${address}" does not parse: expected ${expected}`);
}
