/** The same files in another folder: as links to them, or as copies where the disk is another. */
export async function linkFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    const paths = [`${from}/${name}`, `${to}/${name}`] as const;
    if (isDirectory) await linkFolder(...paths);
    else await Deno.link(...paths).catch(() => Deno.copyFile(...paths));
  }
}
