import { expect } from "expect";

Deno.test("findAdapter: no driver complains that nobody is logged in at a screen", async () => {
  const { XDG_RUNTIME_DIR: _, ...env } = Deno.env.toObject();
  const module = import.meta.resolve("../../../../core/host/devices/find_adapter.ts");
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", `import { findAdapter } from ${JSON.stringify(module)}; await findAdapter();`],
    env,
    clearEnv: true,
    stdout: "null",
  }).output();
  expect({ code, stderr: new TextDecoder().decode(stderr) }).toEqual({ code: 0, stderr: "" });
});
