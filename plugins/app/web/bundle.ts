/** What the page's scripts import and is served beside them, as it is. */
const ORT = "onnxruntime-web/webgpu";

/**
 * A module with all that it imports as one script for browsers, by `deno bundle`; onnxruntime-web
 * stays a file of its own.
 *
 * @param module The module's address.
 * @param ort Where the page has onnxruntime-web.
 * @throws {Error} if it cannot be bundled, with what `deno bundle` says.
 */
export async function bundleModule(module: string, ort: string): Promise<string> {
  const out = await Deno.makeTempFile({ suffix: ".js" });
  try {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["bundle", "--quiet", "--platform", "browser", "--minify"],
        ...["--external", ORT, "--output", out, module],
      ],
      stdin: "null",
      stdout: "null",
      env: { NO_COLOR: "1" },
    }).output();
    if (success) {
      return (await Deno.readTextFile(out)).replaceAll(JSON.stringify(ORT), JSON.stringify(ort));
    }
    const reason = new TextDecoder().decode(stderr).trim();
    throw new Error(`${module} cannot be bundled: ${reason}`);
  } finally {
    await Deno.remove(out);
  }
}
