import { expect } from "expect";
import { formatFindings, reasonOf } from "../../../../plugins/app/doctor/finding.ts";
import { lookAtDevices } from "../../../../plugins/app/doctor/look_at_devices.ts";
import { lookAtHub } from "../../../../plugins/app/doctor/look_at_hub.ts";
import {
  lookAtFolder,
  lookAtMachine,
  lookAtPermissions,
} from "../../../../plugins/app/doctor/look_at_machine.ts";
import { runCommand as run } from "../../../helpers/run_command.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

Deno.test("doctor: looks at everything, for people and as JSON", async () => {
  const { code, out } = await run("doctor", "--json", "--no-hub");
  const found = JSON.parse(out) as { title: string; findings: { what: string; state: string }[] }[];
  expect(found.map(({ title }) => title))
    .toEqual(["Machine", "Permissions", "Devices", "Folders"]);
  const all = found.flatMap(({ findings }) => findings);
  expect(all.find(({ what }) => what === "cpu")).toMatchObject({ state: "ok" });
  expect(code).toBe(all.some(({ state }) => state === "fault") ? 1 : 0);
});

Deno.test("lookAtDevices: a library that is none is told, and cpu is taken where no GPU is", async () => {
  const found = await lookAtDevices("/nowhere/libonnxruntime.so");
  const of = (name: string) => found.find(({ what }) => what === name)!;
  expect(of("cpu")).toMatchObject({ state: "ok" });
  // The variable is read where the library is loaded; here it names none.
  expect(of("cuda").state).toBe("note");
  expect(of("cuda").advice).toContain("SYNTAGMA_ONNXRUNTIME has to name libonnxruntime.so");
  expect(of("chosen").found).toMatch(/^(cpu|webgpu), unless --device/);
});

Deno.test("lookAtMachine: pictures are decoded, versions are named", async () => {
  const found = await lookAtMachine();
  expect(found.filter(({ state }) => state === "fault")).toEqual([]);
  expect(found.find(({ what }) => what === "deno")!.found).toContain(Deno.version.deno);
});

Deno.test("lookAtPermissions: what is not granted is told with its use and its option", () => {
  const found = lookAtPermissions((name) =>
    name === "ffi" || name === "write" ? "prompt" : "granted"
  );
  expect(found.filter(({ state }) => state !== "ok")).toEqual([
    {
      ...{ what: "write", state: "fault", found: "not granted: it is for run folders and caches" },
      advice: "deno run -A, or --allow-write",
    },
    {
      ...{ what: "ffi", state: "note", advice: "deno run -A, or --allow-ffi" },
      found: "not granted: it is for the native library of ONNX Runtime; without it wasm computes",
    },
  ]);
});

Deno.test("lookAtFolder: a folder that is to come, and a file in its place", () =>
  withFolder(async (folder) => {
    expect(await lookAtFolder("runs", `${folder}/to/come`, "another"))
      .toMatchObject({ what: "runs", found: expect.stringContaining(`${folder}/to/come`) });
    expect([...Deno.readDirSync(folder)]).toEqual([]);
    await Deno.writeTextFile(`${folder}/file`, "");
    expect(await lookAtFolder("runs", `${folder}/file`, "another"))
      .toMatchObject({ state: "fault", advice: "another" });
  }));

Deno.test("lookAtHub: answers, refuses a token, is away, is not asked; a token is never told", async () => {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const { pathname } = new URL(request.url);
    if (pathname !== "/api/whoami-v2") return Response.json([]);
    return request.headers.get("authorization") === "Bearer good-secret"
      ? Response.json({ name: "ada" })
      : new Response("no", { status: 401 });
  });
  const endpoint = `http://127.0.0.1:${server.addr.port}`;
  const good = await lookAtHub({ endpoint, token: "good-secret" });
  expect(good).toEqual([
    { what: "hub", state: "ok", found: `${endpoint} answers` },
    { what: "token", state: "ok", found: "of ada" },
  ]);
  const bad = await lookAtHub({ endpoint, token: "bad-secret" });
  expect(bad[1]).toMatchObject({ state: "fault", found: "refused (401)" });
  expect((await lookAtHub({ endpoint, token: undefined }))[1]).toMatchObject({ state: "absent" });
  await server.shutdown();
  const away = await lookAtHub({ endpoint, token: "bad-secret" });
  expect(away).toMatchObject([{ what: "hub", state: "note" }]);
  expect(JSON.stringify([good, bad, away])).not.toContain("secret");
  const offline = await lookAtHub({ endpoint, offline: true, token: undefined });
  expect(offline).toMatchObject([{
    state: "note",
    found: "offline mode is on: nothing is downloaded",
  }]);
});

Deno.test("formatFindings, reasonOf: lines under headings, what to do below", () => {
  const findings = [
    { what: "cpu", state: "ok", found: "a processor" },
    { what: "webgpu", state: "fault", found: "none", advice: "get one" },
  ] as const;
  expect(formatFindings([{ title: "Devices", findings }])).toBe(
    "Devices\n  ok     cpu     a processor\n  FAULT  webgpu  none\n                 → get one\n",
  );
  const where = "ONNX Runtime: /source/file.cc:136 status was false. No adapter\n";
  expect(reasonOf(new Error(where))).toBe("ONNX Runtime: No adapter");
  expect(reasonOf(new Error("fetch failed", { cause: new Error("refused") })))
    .toBe("fetch failed (refused)");
});
