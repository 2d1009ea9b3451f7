/**
 * Runs what `docs/array_jobs.md` says of Slurm, line by line, on a Slurm of one node:
 *
 * `deno run -A scripts/slurm/try_array_jobs.ts`
 *
 * The scripts and commands are taken from the page. One task is killed on the way, so that the page's
 * commands for running it again have something to do. In the end the study's table is compared with
 * that of a study that was not parted.
 */
import { withSlurm } from "./one_node.ts";

const root = new URL("../../", import.meta.url).pathname;
const page = await Deno.readTextFile(`${root}docs/array_jobs.md`);
const slurm = page.slice(page.indexOf("## Slurm"), page.indexOf("## Kubernetes"));
const [study, merge] = blocks("bash");
const [submit, again] = blocks("sh");
const folder = await Deno.makeTempDir({ prefix: "syntagma-array-" });
try {
  await Deno.writeTextFile(`${folder}/study.sh`, study!);
  await Deno.writeTextFile(`${folder}/merge.sh`, merge!);
  // The page's commands are given where the program is.
  await Deno.writeTextFile(
    `${folder}/main.ts`,
    `import { main } from "file://${root}plugins/app/cli/main.ts";\n` +
      "Deno.exit(await main(Deno.args));\n",
  );
  for (const name of ["deno.json", "import_map.json", "deno.lock"]) {
    await Deno.copyFile(`${root}${name}`, `${folder}/${name}`);
  }
  await Deno.writeTextFile(`${folder}/all.sh`, script(submit!, again!, study!));
  const code = await withSlurm(4, ["bash", "-e", `${folder}/all.sh`]);
  if (code !== 0) await showLogs();
  Deno.exitCode = code;
} finally {
  await Deno.remove(folder, { recursive: true });
}

/** The page's blocks of a language about Slurm. */
function blocks(language: string): readonly string[] {
  return [...slurm.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))]
    .map(([, text]) => text!);
}

/** The page's commands, with a task that is killed, and what is checked. */
function script(submit: string, again: string, study: string): string {
  const command = /^exec (.*?)^$/ms.exec(`${study}\n`)![1]!;
  const undivided = command.replace('--shard "${SHARD:-auto}"', "")
    .replace("--out runs/sweep", "--out runs/undivided");
  return `
cd ${folder}
${submit}
# A task that runs is killed as a node's failure would kill it; the array then does not end well.
until squeue --noheader --array --states=RUNNING --job=$array | grep -q "_2 "; do sleep 0.2; done
sleep 3
scancel --signal=KILL --batch \${array}_2
while squeue --noheader --job=$array | grep -q .; do sleep 1; done
deno run -A main.ts status runs/sweep || echo "as expected, not all parts are done"
${again}
test -n "$again"
while squeue --noheader --name=sweep | grep -q .; do sleep 1; done
sbatch --wait merge.sh
cat merge.log
${undivided}
cmp runs/sweep/table.md runs/undivided/table.md
cmp runs/sweep/manifest.json runs/undivided/manifest.json
echo "the table of the parts is that of the undivided study"
`;
}

async function showLogs(): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(".log")) continue;
    console.error(`${name}:\n${await Deno.readTextFile(`${folder}/${name}`)}`);
  }
}
