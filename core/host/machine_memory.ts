/** The memory that a process may have, in bytes. */
export interface MachineMemory {
  /** The machine's, or what a container, a cluster's scheduler or a limit of the process leaves of it. */
  readonly total: number;
  /** What is free of it. */
  readonly available: number;
}

/**
 * The memory that this process may have: what goes past it is refused, or ended by the system without a
 * word. Looks at the machine, at the control groups of Linux (versions 1 and 2; containers and schedulers
 * such as Slurm limit by them) and at the process's own limit of data (`ulimit -d`).
 *
 * @param root The folder that `proc` and `sys` are in. Default: that of the system.
 */
export function machineMemory(root = ""): MachineMemory {
  const { total, available } = Deno.systemMemoryInfo();
  const all = [{ total, available }, ...groupLimits(root), ...dataLimit(root)];
  return {
    total: Math.min(...all.map((each) => each.total)),
    available: Math.max(0, Math.min(...all.map((each) => each.available))),
  };
}

const FILES = {
  v1: { limit: "memory.limit_in_bytes", used: "memory.usage_in_bytes" },
  v2: { limit: "memory.max", used: "memory.current" },
};

/** The limits of the process's control group and of all that it lies in. */
function groupLimits(root: string): readonly MachineMemory[] {
  return read(`${root}/proc/self/cgroup`).split("\n").flatMap((line) => {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (path === undefined) return [];
    if (controllers === "") return limitsAlong(`${root}/sys/fs/cgroup`, path, "v2");
    if (!controllers!.split(",").includes("memory")) return [];
    return limitsAlong(`${root}/sys/fs/cgroup/memory`, path, "v1");
  });
}

function limitsAlong(base: string, path: string, version: keyof typeof FILES): MachineMemory[] {
  const names = path.split("/").filter((name) => name !== "");
  const { limit, used } = FILES[version];
  // Within a container the path may be the host's, and its own group the root.
  return Array.from({ length: names.length + 1 }, (_, depth) => {
    const folder = [base, ...names.slice(0, depth)].join("/");
    const total = numberIn(`${folder}/${limit}`);
    // Pages of files are counted as used, and given back when they are asked for.
    const cached = Number(/^inactive_file (\d+)$/m.exec(read(`${folder}/memory.stat`))?.[1] ?? 0);
    return { total, available: total - numberIn(`${folder}/${used}`) + cached };
  }).filter(({ available }) => Number.isFinite(available));
}

/** What the process may have as data, where that is limited. */
function dataLimit(root: string): readonly MachineMemory[] {
  const total = Number(/^Max data size\s+(\d+)/m.exec(read(`${root}/proc/self/limits`))?.[1]);
  const has = Number(/^VmData:\s+(\d+) kB$/m.exec(read(`${root}/proc/self/status`))?.[1]);
  const available = total - 1024 * has;
  return Number.isFinite(available) ? [{ total, available }] : [];
}

/** `NaN` where there is no number: "max" is no limit. */
function numberIn(file: string): number {
  const text = read(file).trim();
  return text === "" ? NaN : Number(text);
}

function read(file: string): string {
  try {
    return Deno.readTextFileSync(file);
  } catch {
    // Another system, or no permission to look.
    return "";
  }
}
