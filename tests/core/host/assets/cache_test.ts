import type { AssetError } from "../../../../core/host/assets/asset_error.ts";
import {
  assetsFromEnvironment,
  assetsOptionsFromEnvironment,
} from "../../../../core/host/assets/environment.ts";
import { createAssets } from "../../../../core/host/assets/create_assets.ts";
import { expect } from "expect";
import { withFolder } from "../../../helpers/with_folder.ts";

async function put(path: string, text: string): Promise<string> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(path, text);
  return path;
}

const neverFetch = () => Promise.reject(new Error("a server was asked"));
const failure = async (promise: Promise<unknown>): Promise<AssetError> => {
  const error = await promise.then(() => undefined, (error) => error);
  expect(error?.name).toBe("AssetError");
  return error;
};
// printf abc | sha256sum, also the first test vector of FIPS 180.
const sha256OfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

Deno.test("file: a file put into the cache by hand is taken as it is", () =>
  withFolder(async (cache) => {
    const path = await put(`${cache}/hf/o/r/v1/sub/f.bin`, "abc");
    const assets = createAssets({ cache, fetch: neverFetch });
    expect(await assets.file("hf:o/r@v1/sub/f.bin")).toBe(path);
    expect(await assets.file("hf:o/r@v1/sub/f.bin", { sha256: sha256OfAbc.toUpperCase() }))
      .toBe(path);
  }));

Deno.test("file: a file put there by hand that is the wrong one is named with both sums", () =>
  withFolder(async (cache) => {
    const path = await put(`${cache}/hf/o/r/main/f.bin`, "abd");
    const assets = createAssets({ cache, fetch: neverFetch });
    const { message } = await failure(assets.file("hf:o/r/f.bin", { sha256: sha256OfAbc }));
    expect(message).toMatch(
      new RegExp(`tried ${path} \\(expected SHA-256 ${sha256OfAbc}, found [0-9a-f]{64}\\)`),
    );
    expect(await Deno.readTextFile(path)).toBe("abd");
  }));

Deno.test("file: what Hugging Face's own tools have fetched is used, by branch and by commit", () =>
  withFolder(async (folder) => {
    const commit = "0123456789abcdef0123456789abcdef01234567";
    const model = `${folder}/hub/models--o--r`;
    await put(`${model}/refs/main`, commit);
    const path = await put(`${model}/snapshots/${commit}/sub/f.bin`, "abc");
    const assets = createAssets({
      cache: `${folder}/cache`,
      hubCache: `${folder}/hub`,
      fetch: neverFetch,
      retryDelays: [],
    });
    expect(await assets.file("hf:o/r/sub/f.bin")).toBe(path);
    expect(await assets.file(`hf:o/r@${commit}/sub/f.bin`, { sha256: sha256OfAbc })).toBe(path);
    // One that is not as it should be is told of, and the file asked for elsewhere.
    const wrong = await failure(assets.file("hf:o/r/sub/f.bin", { sha256: "0".repeat(64) }));
    expect(wrong.message).toContain(`${path} (expected SHA-256 000`);
    expect(wrong.message).toContain("(no network: a server was asked)");
  }));

Deno.test("file: a data set that Hugging Face's own tools have fetched is used", () =>
  withFolder(async (folder) => {
    const set = `${folder}/hub/datasets--o--r`;
    await put(`${set}/refs/main`, "0123");
    const path = await put(`${set}/snapshots/0123/data/f.jsonl`, "abc");
    await put(`${folder}/hub/models--o--r/snapshots/main/data/f.jsonl`, "abd");
    const hubCache = `${folder}/hub`;
    const assets = createAssets({ cache: `${folder}/cache`, hubCache, fetch: neverFetch });
    expect(await assets.file("hf:datasets/o/r/data/f.jsonl")).toBe(path);
  }));

Deno.test("file: offline mode asks no server and says so", () =>
  withFolder(async (cache) => {
    const assets = createAssets({ cache, offline: true, fetch: neverFetch });
    const expected = `Cannot get f.bin: tried https://huggingface.co/o/r/resolve/main/f.bin ` +
      `(not asked: offline mode is on). Put it at ${cache}/hf/o/r/main/f.bin, ` +
      "or switch offline mode off.";
    expect((await failure(assets.file("hf:o/r/f.bin"))).message).toBe(expected);
    // Nothing is known of this repository, so neither is it known that it has no such file.
    expect((await failure(assets.optionalFile("hf:o/r/f.bin"))).message).toBe(expected);
    const web = await failure(assets.file("https://h.org/f.bin"));
    expect(web.message).toContain(`Put it at ${cache}/https/h.org/f.bin, or`);
  }));

Deno.test("optionalFile: offline, a folder that has been filled without the file has none", () =>
  withFolder(async (cache) => {
    await put(`${cache}/hf/o/r/main/other.bin`, "abc");
    const assets = createAssets({ cache, offline: true, fetch: neverFetch });
    expect(await assets.optionalFile("hf:o/r/f.bin")).toBe(undefined);
    expect(await assets.optionalFile("hf:o/r/sub/f.bin")).toBe(undefined);
    await failure(assets.file("hf:o/r/f.bin"));
    await failure(assets.optionalFile("hf:o/r@v2/f.bin"));
    // A part of a download is not what anybody has put there.
    await put(`${cache}/hf/o/r/v3/sub/other.bin.partial`, "a");
    await failure(assets.optionalFile("hf:o/r@v3/f.bin"));
  }));

Deno.test("file: a local path comes back absolute; one that is missing is told", () =>
  withFolder(async (folder) => {
    const path = await put(`${folder}/f.bin`, "abc");
    const assets = createAssets({ cache: `${folder}/cache`, fetch: neverFetch });
    expect(await assets.file(path, { sha256: sha256OfAbc })).toBe(path);
    expect(await assets.file(`file://${path}`)).toBe(path);
    expect(await assets.file("deno.json")).toBe(`${Deno.cwd()}/deno.json`);
    expect(await assets.optionalFile(`${folder}/none`)).toBe(undefined);
    expect((await failure(assets.file(`${folder}/none`))).message).toBe(
      `Cannot get none: tried ${folder}/none (no such file). Put it at ${folder}/none.`,
    );
    // A folder is there, so it is not simply absent.
    expect((await failure(assets.optionalFile(folder))).message).toContain("(it is a folder)");
  }));

Deno.test("createAssets: refuses an endpoint that is no URL, and a sum that is none", async () => {
  expect(() => createAssets({ cache: "/c", endpoint: "mirror" })).toThrow(RangeError);
  expect(() => createAssets({ cache: "/c", endpoint: "mirror" })).toThrow(
    `endpoint (HF_ENDPOINT): expected an https: URL, found "mirror"`,
  );
  await expect(createAssets({ cache: "/c" }).file("/x", { sha256: "abc" })).rejects.toMatchObject({
    name: "RangeError",
    message: `sha256: expected 64 hexadecimal digits, found "abc"`,
  });
});

Deno.test("file: an address that does not parse is a SyntaxError, also for optionalFile", async () => {
  const assets = createAssets({ cache: "/c" });
  await expect(assets.file("hf:gpt2")).rejects.toThrow(SyntaxError);
  await expect(assets.optionalFile("hf:gpt2")).rejects.toThrow(SyntaxError);
});

const optionsOf = (variables: Record<string, string>) =>
  assetsOptionsFromEnvironment((name) => variables[name]);

Deno.test("assetsOptionsFromEnvironment: the home folder gives every place", () => {
  expect(optionsOf({ HOME: "/nowhere" })).toEqual({
    cache: "/nowhere/.cache/syntagma",
    endpoint: undefined,
    token: undefined,
    hubCache: "/nowhere/.cache/huggingface/hub",
    offline: false,
  });
  expect(optionsOf({ HOME: "/nowhere", XDG_CACHE_HOME: "/x" }).cache).toBe("/x/syntagma");
  expect(() => optionsOf({})).toThrow(RangeError);
});

Deno.test("assetsOptionsFromEnvironment: every variable is heeded", () =>
  withFolder(async (folder) => {
    await put(`${folder}/token`, "from-file\n");
    expect(optionsOf({
      SYNTAGMA_CACHE: "/c",
      HF_ENDPOINT: "https://mirror.org",
      HF_HOME: folder,
      HF_HUB_OFFLINE: "1",
    })).toEqual({
      cache: "/c",
      endpoint: "https://mirror.org",
      token: "from-file",
      hubCache: `${folder}/hub`,
      offline: true,
    });
    const more = optionsOf({
      SYNTAGMA_CACHE: "/c",
      HF_HOME: folder,
      HF_TOKEN: "from-variable",
      HF_HUB_CACHE: "/h",
      SYNTAGMA_OFFLINE: "True",
    });
    expect(more.token).toBe("from-variable");
    expect(more.hubCache).toBe("/h");
    expect(more.offline).toBe(true);
    expect(optionsOf({ SYNTAGMA_CACHE: "/c", SYNTAGMA_OFFLINE: "0" }).offline).toBe(false);
  }));

Deno.test("assetsFromEnvironment: options given come before the environment's", () =>
  withFolder(async (cache) => {
    const path = await put(`${cache}/hf/o/r/main/f.bin`, "abc");
    const assets = assetsFromEnvironment({ cache, fetch: neverFetch });
    expect(await assets.file("hf:o/r/f.bin")).toBe(path);
  }));
