/**
 * A module with all that it imports as one script for browsers, by `deno bundle`.
 *
 * @param module The module's address.
 * @param beside Packages that stay files of their own, by where the page has them.
 * @throws {Error} if it cannot be bundled, with what `deno bundle` says.
 */
export async function bundleModule(
  module: string,
  beside: Readonly<Record<string, string>> = {},
): Promise<string> {
  const out = await Deno.makeTempFile({ suffix: ".js" });
  try {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["bundle", "--quiet", "--platform", "browser", "--minify"],
        ...Object.keys(beside).flatMap((name) => ["--external", name]),
        ...["--output", out, module],
      ],
      stdin: "null",
      stdout: "null",
      env: { NO_COLOR: "1" },
    }).output();
    if (success) {
      return Object.entries(beside).reduce(
        (script, [name, place]) => script.replaceAll(JSON.stringify(name), JSON.stringify(place)),
        await Deno.readTextFile(out),
      );
    }
    const reason = new TextDecoder().decode(stderr).trim();
    throw new Error(`${module} cannot be bundled: ${reason}`);
  } finally {
    await Deno.remove(out);
  }
}
