import {
  type Address,
  hubUrl,
  joinAddress,
  localPath,
  parseAddress,
} from "../../../../core/host/assets/address.ts";
import { cachePath } from "../../../../core/host/assets/cache.ts";
import { expect } from "expect";

const hub = (
  owner: string,
  repo: string,
  revision: string,
  path: string,
  repositories: "models" | "datasets" = "models",
): Address => ({
  kind: "hub",
  repositories,
  owner,
  repo,
  revision,
  path,
});

for (
  const [address, expected] of [
    ["hf:openai/clip/config.json", hub("openai", "clip", "main", "config.json")],
    ["hf:o.n-e/r_2@v1.0/a/b c.bin", hub("o.n-e", "r_2", "v1.0", "a/b c.bin")],
    ["hf:o/r@refs%2Fpr%2F1/x", hub("o", "r", "refs/pr/1", "x")],
    ["hf:o/r/a@b/x", hub("o", "r", "main", "a@b/x")],
    ["hf:datasets/o/r/a/b.jsonl", hub("o", "r", "main", "a/b.jsonl", "datasets")],
    ["hf:datasets/o/r@v1/b", hub("o", "r", "v1", "b", "datasets")],
    ["hf:o/datasets/r/b", hub("o", "datasets", "main", "r/b")],
    ["https://host/a/b.bin?x=1#top", { kind: "web", url: new URL("https://host/a/b.bin?x=1") }],
    ["http://127.0.0.1:80/a", { kind: "web", url: new URL("http://127.0.0.1/a") }],
    ["http://[::1]:9/a", { kind: "web", url: new URL("http://[::1]:9/a") }],
    ["file:///a%20b/c", { kind: "local", path: "/a b/c" }],
    ["/a/b", { kind: "local", path: "/a/b" }],
    ["a/b@c", { kind: "local", path: "a/b@c" }],
    ["~/a", { kind: "local", path: "~/a" }],
    ["C:\\a", { kind: "local", path: "C:\\a" }],
  ] satisfies [string, Address][]
) {
  Deno.test(`parseAddress: ${address}`, () => {
    expect(parseAddress(address)).toEqual(expected);
  });
}

for (
  const [address, expected] of [
    ["", "a path, an https: URL or hf:[datasets/]owner/repo"],
    ["hf:gpt2", "hf:[datasets/]owner/repo[@revision]/path/in/repo"],
    // A data set without a file, not a file of the user "datasets".
    ["hf:datasets/owner/repo", "hf:[datasets/]owner/repo[@revision]/path/in/repo"],
    ["hf:datasets/../repo/x", `without empty, "." or ".." parts`],
    ["hf:owner/repo", "hf:[datasets/]owner/repo[@revision]/path/in/repo"],
    ["hf:owner/repo/", "hf:[datasets/]owner/repo[@revision]/path/in/repo"],
    ["hf:owner/repo@/x", "hf:[datasets/]owner/repo[@revision]/path/in/repo"],
    ["hf:owner/repo@%/x", "hf:[datasets/]owner/repo[@revision]/path/in/repo"],
    ["hf:../repo/x", `without empty, "." or ".." parts`],
    ["hf:owner/repo/../../x", `without empty, "." or ".." parts`],
    ["hf:owner/repo@..%2F../x", `without empty, "." or ".." parts`],
    ["hf:owner/repo/a//x", `without empty, "." or ".." parts`],
    ["hf:owner/repo/a\\x", `without empty, "." or ".." parts`],
    ["http://example.org/a", "https: (http: only for 127.0.0.1 and localhost)"],
    ["http://127.0.0.1.example.org/a", "https: (http: only for 127.0.0.1 and localhost)"],
    ["https://example.org/", "a URL that ends in a file's name"],
    ["https://:/", "https://host/path"],
    ["file://host/a", "file:///absolute/path"],
    ["s3://bucket/a", "hf:, https: or file: before the colon"],
  ]
) {
  Deno.test(`parseAddress: refuses "${address}"`, () => {
    expect(() => parseAddress(address!)).toThrow(SyntaxError);
    expect(() => parseAddress(address!)).toThrow(`the address "${address}" does not parse`);
    expect(() => parseAddress(address!)).toThrow(expected!);
  });
}

Deno.test("parseAddress: refuses a password in a URL and does not repeat it", () => {
  const parse = () => parseAddress("https://me:secret@host/a");
  expect(parse).toThrow("https://…@host/a");
  expect(parse).not.toThrow(/secret/);
});

Deno.test("joinAddress: a file's name follows a repository, a folder, a URL or a path", () => {
  expect(joinAddress("hf:o/r@v", "a.json")).toBe("hf:o/r@v/a.json");
  expect(joinAddress("hf:o/r/sub/", "a.json")).toBe("hf:o/r/sub/a.json");
  expect(joinAddress("https://h/x?k=1", "a b")).toBe("https://h/x/a%20b?k=1");
  expect(joinAddress("https://h/", "a")).toBe("https://h/a");
  expect(joinAddress("file:///x/", "a")).toBe("file:///x/a");
  expect(joinAddress("/some/folder", "a")).toBe("/some/folder/a");
  expect(joinAddress("folder/", "a/b")).toBe("folder/a/b");
});

Deno.test("hubUrl: owner/repo/resolve/revision/path behind the endpoint, each part escaped", () => {
  const address = {
    kind: "hub",
    repositories: "models",
    owner: "o",
    repo: "r",
    revision: "a/b",
    path: "c/d e?",
  } as const;
  expect(hubUrl("https://mirror.org/hf/", address).href).toBe(
    "https://mirror.org/hf/o/r/resolve/a%2Fb/c/d%20e%3F",
  );
  expect(hubUrl("https://huggingface.co", { ...address, repositories: "datasets" }).href).toBe(
    "https://huggingface.co/datasets/o/r/resolve/a%2Fb/c/d%20e%3F",
  );
});

Deno.test("cachePath: hf/owner/repo/revision/path and https/host/path, a query as a hash", () => {
  const place = (address: string) => {
    const parsed = parseAddress(address);
    if (parsed.kind === "local") throw new TypeError(address);
    return cachePath("/c", parsed);
  };
  expect(place("hf:o/r/a/b.bin")).toBe("/c/hf/o/r/main/a/b.bin");
  expect(place("hf:o/r@x%2Fy/b")).toBe("/c/hf/o/r/x%2Fy/b");
  expect(place("hf:datasets/o/r/a/b.bin")).toBe("/c/hf/datasets/o/r/main/a/b.bin");
  expect(place("https://h.org/a/b.bin")).toBe("/c/https/h.org/a/b.bin");
  expect(place("http://127.0.0.1:8000/b")).toBe("/c/http/127.0.0.1%3A8000/b");
  // The first 16 digits of `printf '?x=1' | sha256sum`.
  expect(place("https://h.org/a/b.bin?x=1")).toBe("/c/https/h.org/a/b-12c091ef4fc80899.bin");
});

Deno.test("localPath: paths and file: URLs are of this machine, files and folders", () => {
  expect(localPath("a b/c.csv")).toBe("a b/c.csv");
  expect(localPath("file:///a%20b/c/")).toBe("/a b/c/");
  expect(localPath("C:\\pictures")).toBe("C:\\pictures");
  for (const address of ["hf:o/r/x", "https://host/folder/", "http://127.0.0.1:1/x"]) {
    expect(localPath(address)).toBeUndefined();
  }
  expect(() => localPath("file:x%2Fy")).toThrow(SyntaxError);
});
