import { expect } from "expect";
import { dirname } from "node:path";
import { machineMemory } from "../../../core/host/machine_memory.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const MIB = 2 ** 20;

/** What is told where a system has these files. */
function memoryOf(files: Readonly<Record<string, string>>) {
  return withFolder(async (root) => {
    for (const [file, text] of Object.entries(files)) {
      await Deno.mkdir(dirname(`${root}/${file}`), { recursive: true });
      await Deno.writeTextFile(`${root}/${file}`, text);
    }
    return machineMemory(root);
  });
}

Deno.test("machineMemory: the machine's, where nothing limits it", async () => {
  const { total } = Deno.systemMemoryInfo();
  expect((await memoryOf({})).total).toBe(total);
  // As kernels write "no limit": a word, and of version 1 a number that no machine has.
  const none = await memoryOf({
    "proc/self/cgroup": "4:memory:/\n0::/\n",
    "sys/fs/cgroup/memory.max": "max\n",
    "sys/fs/cgroup/memory.current": "1\n",
    "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
    "sys/fs/cgroup/memory/memory.usage_in_bytes": "1\n",
    "proc/self/limits":
      "Max data size             unlimited            unlimited            bytes\n",
    "proc/self/status": "VmData:\t     424 kB\n",
  });
  expect(none.total).toBe(total);
});

Deno.test("machineMemory: the least of a control group and those that it lies in, but for pages of files", async () => {
  const job = "sys/fs/cgroup/slurm/job_7";
  expect(
    await memoryOf({
      "proc/self/cgroup": "0::/slurm/job_7/step_0\n",
      [`${job}/memory.max`]: `${100 * MIB}\n`,
      [`${job}/memory.current`]: `${70 * MIB}\n`,
      [`${job}/memory.stat`]: `anon 1\ninactive_file ${20 * MIB}\nactive_file 5\n`,
      [`${job}/step_0/memory.max`]: "max\n",
      [`${job}/step_0/memory.current`]: `${60 * MIB}\n`,
    }),
  ).toEqual({ total: 100 * MIB, available: 50 * MIB });
  // Version 1, in a container whose path is that of the host.
  expect(
    await memoryOf({
      "proc/self/cgroup": "5:cpu,cpuacct:/docker/f00\n4:memory:/docker/f00\n",
      "sys/fs/cgroup/memory/memory.limit_in_bytes": `${64 * MIB}\n`,
      "sys/fs/cgroup/memory/memory.usage_in_bytes": `${16 * MIB}\n`,
    }),
  ).toEqual({ total: 64 * MIB, available: 48 * MIB });
});

Deno.test({
  name: "machineMemory: the limit of a process's data, as a shell sets it",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const module = new URL("../../../core/host/machine_memory.ts", import.meta.url);
    const code = `console.log(JSON.stringify((await import("${module}")).machineMemory()))`;
    const { stdout } = await new Deno.Command("sh", {
      args: ["-c", 'ulimit -d 3000000; "$0" eval --no-config "$1"', Deno.execPath(), code],
    }).output();
    const { total, available } = JSON.parse(new TextDecoder().decode(stdout));
    expect(total).toBe(3_000_000 * 1024);
    expect(available).toBeLessThan(total);
    expect(available).toBeGreaterThan(0);
  },
});
