import { expect } from "expect";
import { findAdapter } from "../../../../core/host/devices/find_adapter.ts";
import { WITH_LOCK } from "../../../helpers/with_lock.ts";

Deno.test("findAdapter: no driver complains that nobody is logged in at a screen", async () => {
  const { XDG_RUNTIME_DIR: _, ...env } = Deno.env.toObject();
  const module = import.meta.resolve("../../../../core/host/devices/find_adapter.ts");
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      WITH_LOCK,
      `import { findAdapter } from ${JSON.stringify(module)}; await findAdapter();`,
    ],
    env,
    clearEnv: true,
    stdout: "null",
  }).output();
  expect({ code, stderr: new TextDecoder().decode(stderr) }).toEqual({ code: 0, stderr: "" });
});

Deno.test("findAdapter: the adapter that WebGPU gives, if any", async () => {
  const found = await findAdapter();
  const expected = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
  expect(found?.info.description).toBe(expected?.info.description);
});
