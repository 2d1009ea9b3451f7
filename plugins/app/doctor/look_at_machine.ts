import { machineMemory } from "../../../core/host/machine_memory.ts";
import { freeSpace } from "../../../core/host/storage/free_space.ts";
import { decodePicture } from "../../../core/host/images/decode.ts";
import { toolVersions } from "../../../core/host/tool_versions.ts";
import { showBytes } from "../../../core/show_bytes.ts";
import { OLDEST_DENO } from "../cli/start_fault.ts";
import { type Finding, reasonOf } from "./finding.ts";

/** Versions, and what the machine has. */
export async function lookAtMachine(): Promise<readonly Finding[]> {
  const { deno, platform, "onnxruntime-node": runtime, ...others } = toolVersions();
  const [name, version] = Object.entries(others)[0]!;
  const { total, available } = machineMemory();
  const { total: machine } = Deno.systemMemoryInfo();
  return [
    { what: "program", state: "ok", found: `${name} ${version}` },
    {
      what: "deno",
      state: "ok",
      found: `${deno} on ${platform}; the oldest that will do is ${OLDEST_DENO}`,
    },
    { what: "runtime", state: "ok", found: `ONNX Runtime ${runtime}` },
    { what: "processor", state: "ok", found: `${navigator.hardwareConcurrency} threads` },
    {
      what: "memory",
      state: "ok",
      found: `${showBytes(available)} of ${showBytes(total)} free` +
        (total === machine
          ? ""
          : `; the machine has ${showBytes(machine)}, the rest is not for this process`),
    },
    await lookAtDecoder(),
  ];
}

/** A PNG of one grey pixel. */
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";

async function lookAtDecoder(): Promise<Finding> {
  const what = "pictures";
  try {
    await decodePicture(Uint8Array.fromBase64(PNG));
    return { what, state: "ok", found: "decoded by sharp" };
  } catch (error) {
    const advice =
      "sharp needs its native library: remove Deno's npm cache of sharp, so that it is " +
      "fetched again for this machine";
    return { what, state: "fault", found: reasonOf(error), advice };
  }
}

const PERMISSIONS = [
  ["read", "files", "fault"],
  ["write", "run folders and caches", "fault"],
  ["env", "the variables that docs/permissions.md lists", "fault"],
  ["ffi", "the native library of ONNX Runtime; without it wasm computes", "note"],
  ["net", "downloads", "note"],
  ["sys", "memory and processors", "note"],
] as const;

/** What this process may do. */
export function lookAtPermissions(
  query: (name: Deno.PermissionName) => Deno.PermissionState = (name) =>
    Deno.permissions.querySync({ name } as Deno.PermissionDescriptor).state,
): readonly Finding[] {
  return PERMISSIONS.map(([name, use, otherwise]): Finding => {
    const state = query(name);
    if (state === "granted") return { what: name, state: "ok", found: `granted, for ${use}` };
    const advice = `deno run -A, or --allow-${name}`;
    return { what: name, state: otherwise, found: `not granted: it is for ${use}`, advice };
  });
}

/** Bytes below which a disk is too full for most runs. */
const LITTLE = 2e9;

/** A folder that is written to: whether it can be, and how much has room in it. */
export async function lookAtFolder(
  what: string,
  folder: string,
  advice: string,
): Promise<Finding> {
  const free = await freeSpace(folder);
  const room = free === undefined ? "" : `, ${showBytes(free.bytes)} free`;
  try {
    await tryToWrite(folder);
  } catch (error) {
    return { what, state: "fault", found: `${folder}: ${reasonOf(error)}`, advice };
  }
  return free !== undefined && free.bytes < LITTLE
    ? { what, state: "note", found: `${folder}${room}; a ViT-B/32 run writes 1.4 GB`, advice }
    : { what, state: "ok", found: `${folder}${room}` };
}

/** Writes a file into a folder, or into the nearest one above it that is there, and removes it. */
async function tryToWrite(folder: string): Promise<void> {
  let place = folder;
  while (!await Deno.stat(place).then(() => true, () => false)) {
    const above = place.replace(/[/\\][^/\\]*$/, "");
    place = above === place || above === "" ? "." : above;
  }
  await Deno.remove(await Deno.makeTempFile({ dir: place, prefix: ".syntagma-" }));
}
