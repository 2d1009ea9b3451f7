/**
 * Runs a command beside a Slurm of one node that is this machine, started for it and ended with it:
 *
 * `deno run -A scripts/slurm/one_node.ts [--cpus 4] sbatch --wait --array=0-2 job.sh`
 *
 * Debian's packages `slurmctld`, `slurmd`, `slurm-client` and `munge` have all that is needed. It has
 * to be root, as slurmd has. All files are in a temporary folder, and the ports are free ones, so that
 * nothing of a Slurm that the machine may have is touched. What the daemons wrote is shown where the
 * command fails.
 */
import { parseArgs } from "node:util";

/** The variable by which Slurm's commands find their configuration. */
const VARIABLE = "SLURM_CONF";

/** How often and how long it is looked for a node that takes jobs, in milliseconds. */
const LOOK_EVERY = 250;
const LOOK_FOR = 30_000;

/** Starts a Slurm, runs a command beside it and gives the command's exit code. */
export async function withSlurm(cpus: number, command: readonly string[]): Promise<number> {
  const folder = await Deno.makeTempDir({ prefix: "slurm-" });
  const logs = ["munged", "slurmctld", "slurmd"].map((name) => `${folder}/${name}.log`);
  const daemons: Deno.ChildProcess[] = [];
  const start = (name: string, args: readonly string[]) => {
    const daemon = new Deno.Command(name, {
      args: [...args],
      env: { [VARIABLE]: `${folder}/slurm.conf` },
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    daemons.push(daemon);
  };
  const stop = (): never => {
    for (const daemon of daemons) daemon.kill("SIGTERM");
    Deno.removeSync(folder, { recursive: true });
    Deno.exit(1);
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) Deno.addSignalListener(signal, stop);
  try {
    await configure(folder, cpus);
    start("munged", [
      "--foreground",
      // Its folder is no system folder, whose owner it would look at.
      "--force",
      `--key-file=${folder}/munge.key`,
      `--socket=${folder}/munge.socket`,
      `--pid-file=${folder}/munged.pid`,
      `--seed-file=${folder}/munge.seed`,
      `--log-file=${logs[0]}`,
    ]);
    await waitFor("munged", () => isThere(`${folder}/munge.socket`));
    start("slurmctld", ["-D", "-i", "-L", logs[1]!]);
    start("slurmd", ["-D", "-L", logs[2]!]);
    await waitFor("a node that takes jobs", async () => {
      const { stdout } = await new Deno.Command("sinfo", {
        args: ["--noheader", "--format=%t"],
        env: { [VARIABLE]: `${folder}/slurm.conf` },
        stderr: "null",
      }).output();
      return new TextDecoder().decode(stdout).trim() === "idle";
    });
    const [name, ...args] = command;
    const { code } = await new Deno.Command(name!, {
      args,
      env: { [VARIABLE]: `${folder}/slurm.conf` },
    }).spawn().status;
    if (code !== 0) await showLogs(logs);
    return code;
  } catch (error) {
    await showLogs(logs);
    throw error;
  } finally {
    for (const signal of signals) Deno.removeSignalListener(signal, stop);
    for (const daemon of daemons.reverse()) {
      daemon.kill("SIGTERM");
      await daemon.status;
    }
    await Deno.remove(folder, { recursive: true });
  }
}

async function configure(folder: string, cpus: number): Promise<void> {
  await Deno.chmod(folder, 0o755);
  await Deno.writeFile(`${folder}/munge.key`, crypto.getRandomValues(new Uint8Array(1024)), {
    mode: 0o400,
  });
  for (const name of ["state", "spool"]) await Deno.mkdir(`${folder}/${name}`);
  const node = Deno.hostname();
  const settings = {
    ClusterName: "one",
    SlurmctldHost: `${node}(127.0.0.1)`,
    SlurmUser: "root",
    AuthType: "auth/munge",
    AuthInfo: `socket=${folder}/munge.socket`,
    CredType: "cred/munge",
    SlurmctldPort: freePort(),
    SlurmdPort: freePort(),
    StateSaveLocation: `${folder}/state`,
    SlurmdSpoolDir: `${folder}/spool`,
    SlurmctldPidFile: `${folder}/slurmctld.pid`,
    SlurmdPidFile: `${folder}/slurmd.pid`,
    // Containers have no control groups to give away.
    ProctrackType: "proctrack/linuxproc",
    TaskPlugin: "task/none",
    MpiDefault: "none",
    SwitchType: "switch/none",
    ReturnToService: "2",
    SelectType: "select/cons_tres",
    SelectTypeParameters: "CR_CPU",
    SchedulerParameters: "sched_interval=1,batch_sched_delay=0",
    // More CPUs than the machine may have: its jobs then share them.
    SlurmdParameters: "config_overrides",
    KillWait: "5",
    MinJobAge: "300",
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  lines.push(
    `NodeName=${node} NodeAddr=127.0.0.1 CPUs=${cpus} State=UNKNOWN`,
    `PartitionName=all Nodes=${node} Default=YES MaxTime=INFINITE State=UP`,
  );
  await Deno.writeTextFile(`${folder}/slurm.conf`, `${lines.join("\n")}\n`);
}

function freePort(): number {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  return listener.addr.port;
}

async function waitFor(what: string, isReady: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + LOOK_FOR;
  while (!await isReady()) {
    if (performance.now() > end) {
      throw new Error(`expected ${what} within ${LOOK_FOR / 1000} s, found none`);
    }
    await new Promise((done) => setTimeout(done, LOOK_EVERY));
  }
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

async function showLogs(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const text = await Deno.readTextFile(path).catch(() => "");
    if (text !== "") console.error(`${path}:\n${text}`);
  }
}

if (import.meta.main) {
  // What follows the command is the command's.
  const place = Deno.args.findIndex((word, i) =>
    !word.startsWith("--") && Deno.args[i - 1] !== "--cpus"
  );
  const { values } = parseArgs({
    args: Deno.args.slice(0, Math.max(0, place)),
    options: { cpus: { type: "string", default: String(navigator.hardwareConcurrency) } },
  });
  if (place < 0) throw new RangeError("expected a command to run beside Slurm, found none");
  Deno.exit(await withSlurm(Number(values.cpus), Deno.args.slice(place)));
}
