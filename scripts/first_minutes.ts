/**
 * A stranger's first minutes, with empty caches: clone to first report; own captions to a fine-tuned
 * model; own recipe to a published package, on a registry of loopback. Prints every command with its
 * seconds (docs/first_minutes.md).
 *
 *     deno run -A scripts/first_minutes.ts <folder> <repository> <captions.csv>
 *
 * @module
 */
import { resolve } from "node:path";
import { startJsrRegistry } from "../tests/helpers/jsr_registry.ts";

const [folder, repository, captions] = Deno.args;
if (captions === undefined) {
  console.error("expected an empty folder, a repository to clone, and a table of captions");
  Deno.exit(2);
}
const home = resolve(folder!);
await Deno.mkdir(home);
const table = resolve(captions);
const registry = startJsrRegistry();
const caches = {
  DENO_DIR: `${home}/deno`,
  npm_config_cache: `${home}/npm`,
  SYNTAGMA_CACHE: `${home}/cache`,
};
const rows: string[][] = [];

/** Runs a command as it would be typed, and measures it. */
async function type(typed: string, cwd: string, env: Readonly<Record<string, string>> = {}) {
  const started = performance.now();
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", typed],
    cwd,
    env: { ...caches, DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1", ...env },
  }).output();
  const seconds = (performance.now() - started) / 1000;
  const text = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
  if (code !== 0) throw new Error(`${typed}: exit code ${code}\n${text}`);
  rows.push([`\`${typed.replaceAll(home, "~")}\``, seconds.toFixed(seconds < 10 ? 1 : 0)]);
  console.error(typed, seconds.toFixed(1));
  return text;
}

function part(title: string) {
  rows.push([`**${title}**`, ""]);
}

part("clone to first report");
await type(`git clone -q --depth 1 file://${resolve(repository!)} syntagma`, home);
const here = `${home}/syntagma`;
await type("npx -y deno@2.9.6 task recipe clic-tiny", here);

part("own captions to own fine-tuned model");
// The documents' recipe, on the model that comes along: weights of real size are the reader's to wait for.
const page = await Deno.readTextFile(`${here}/docs/recipes.md`);
const [, code] = /`my_recipe\.ts`:\n\n```ts\n(.*?)^```$/ms.exec(page)!;
await Deno.writeTextFile(
  `${here}/my_recipe.ts`,
  code!.replace(/clip\(\{\n.*?\n {2}\}\)/s, "tinyClip()")
    .replace('import { clip } from "@syntagma/syntagma/clip";\n', "")
    .replace("{ scenesCompositional }", "{ scenesCompositional, tinyClip }"),
);
const settings = `data.path=${table} batch=32`;
await type(`deno task recipe ./my_recipe.ts ${settings} --dry-run`, here);
await type(`deno task recipe ./my_recipe.ts ${settings} --steps 50`, here);
const [run] = [...Deno.readDirSync(`${here}/runs`)].filter(({ name }) => name.startsWith("my-"));
await type(
  `deno run -A main.ts match runs/${run!.name} "captions:${table}" --with tiny --changed`,
  here,
);

part("own recipe to published package");
const jsr = { JSR_URL: registry.url };
await type("deno publish -q --allow-dirty --no-provenance --token any", here, jsr);
// The framework stands on the registry now, as it would on JSR; from here on it is fetched from there.
rows.pop();
await type("deno run -A jsr:@syntagma/syntagma/main new my-clic", home, jsr);
const mine = `${home}/my-clic`;
await type("deno task check", mine, jsr);
await type("deno task test", mine, jsr);
await type("deno task recipe --steps 20", mine, jsr);
await type("deno publish -q --allow-dirty --no-provenance --token any", mine, jsr);
await Deno.mkdir(`${home}/elsewhere`);
await type("deno run -A jsr:@me/my-clic --steps 20", `${home}/elsewhere`, {
  ...jsr,
  DENO_DIR: `${home}/deno-elsewhere`,
});
await registry.stop();
console.log(
  ["| Command | Seconds |", "| --- | ---: |", ...rows.map((row) => `| ${row.join(" | ")} |`)].join(
    "\n",
  ),
);
