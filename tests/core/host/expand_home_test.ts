import { expect } from "expect";
import { parseAddress } from "../../../core/host/assets/address.ts";
import { assetsOptionsFromEnvironment } from "../../../core/host/assets/environment.ts";
import { expandHome, homeFolder } from "../../../core/host/expand_home.ts";

Deno.test("expandHome: ~ alone and before a slash is the home folder, and nothing else is", () => {
  const expand = (path: string) => expandHome(path, () => "/home/me");
  expect(["~", "~/", "~/a/b.csv"].map(expand)).toEqual([
    "/home/me",
    "/home/me/",
    "/home/me/a/b.csv",
  ]);
  for (const path of ["", "a/~/b", "./~", "~you/a", "~.csv", "/~"]) expect(expand(path)).toBe(path);
  expect(expandHome("~/a", () => undefined)).toBe("~/a");
  expect(expandHome("~/a")).toBe(expandHome("~/a", () => homeFolder()));
});

Deno.test("homeFolder: HOME, or USERPROFILE where there is none", () => {
  const home = (variables: Record<string, string>) => homeFolder((name) => variables[name]);
  expect(home({ HOME: "/a", USERPROFILE: "/b" })).toBe("/a");
  expect(home({ HOME: "", USERPROFILE: "/b" })).toBe("/b");
  expect(home({})).toBe(undefined);
});

Deno.test("parseAddress: a path may begin at home", () => {
  const home = homeFolder()!;
  expect(parseAddress("~/clip/model.safetensors"))
    .toEqual({ kind: "local", path: `${home}/clip/model.safetensors` });
});

Deno.test("assetsOptionsFromEnvironment: folders of variables may begin at home", () => {
  const variables: Record<string, string> = {
    HOME: "/home/me",
    SYNTAGMA_CACHE: "~/syntagma",
    HF_HOME: "~/hf",
  };
  expect(assetsOptionsFromEnvironment((name) => variables[name]))
    .toMatchObject({ cache: "/home/me/syntagma", hubCache: "/home/me/hf/hub" });
});
