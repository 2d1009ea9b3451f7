/** Runs a program that is ended if it takes too long. */
export async function runWithin(
  milliseconds: number,
  program: string,
  options: Deno.CommandOptions,
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const child = new Deno.Command(program, { ...options, stdout: "piped", stderr: "piped" }).spawn();
  const timer = setTimeout(() => child.kill("SIGKILL"), milliseconds);
  const { code, stdout, stderr } = await child.output();
  clearTimeout(timer);
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}
