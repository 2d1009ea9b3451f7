/** What a command that was started in a folder came to. */
interface Outcome {
  readonly command: string;
  readonly code: number;
  /** What it wrote, where it failed. */
  readonly output: string;
}

/**
 * Checks, tests and publishes for show a package outside of this one, under Deno's default compiler
 * options, with this checkout in the place of the published framework.
 */
export async function checkOutsidePackage(folder: string): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const commands = [
    "fmt --check",
    "lint",
    "check",
    // Types were checked just now.
    "test -A --no-check",
    "publish --dry-run --allow-dirty --no-check",
  ];
  for (const command of commands) {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: command.split(" "),
      cwd: folder,
      env: { NO_COLOR: "1" },
    }).output();
    const text = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
    outcomes.push({ command, code, output: code === 0 ? "" : text });
  }
  return outcomes;
}

/** That nothing failed, for comparison. */
export function allWell(outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes.map(({ command }) => ({ command, code: 0, output: "" }));
}
