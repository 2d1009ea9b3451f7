/**
 * The MPI library of this machine, through Deno's FFI.
 *
 * @module
 */
import { dirname, join } from "node:path";
import {
  type Family,
  familyOf,
  type Handles,
  mpichHandles,
  openMpiHandles,
  standardHandles,
} from "./family.ts";
import type { Launch } from "./launcher.ts";

const VARIABLE = "SYNTAGMA_MPI";

/** A library that was found, not yet in use. */
export interface MpiLibrary {
  /** As the loader was asked for it. */
  readonly path: string;
  /** The first line of what it says of itself. */
  readonly version: string;
  /** Whose it is. */
  readonly family: Family;
  readonly handles: Handles;
}

/** File names by the interface that they have; the standard one is asked for first. */
const names = [
  { name: "libmpi_abi.so.1", handles: standardHandles },
  { name: "libmpi.so.40", handles: openMpiHandles },
  { name: "libmpich.so.12", handles: mpichHandles },
  { name: "libmpi.so.12", handles: mpichHandles },
] as const;

/**
 * Finds the library that goes with the launcher: the one that `SYNTAGMA_MPI` names, else beside the
 * launcher's programs, else where the loader looks.
 *
 * @param variable Gives a variable of the environment.
 * @throws {Error} if there is none, or the one that is named is of another implementation.
 */
export function findLibrary(
  launch: Launch,
  variable: (name: string) => string | undefined,
): MpiLibrary {
  const named = variable(VARIABLE);
  if (named) return openNamed(named, launch);
  const others = new Set<string>();
  for (const { path, handles } of candidates(variable("PATH"))) {
    const version = versionOf(path);
    if (version === undefined) continue;
    const family = familyOf(version);
    if (family !== undefined && fits(family, launch)) return { path, version, family, handles };
    others.add(version);
  }
  const wanted = launch.family ?? "Open MPI or MPICH";
  throw new Error(
    `started by ${launch.launcher} as process ${launch.rank} of ${launch.size}: expected an MPI ` +
      `library of ${wanted} (${names.map(({ name }) => name).join(", ")}), found ${
        others.size === 0 ? "none" : `only ${[...others].join(", ")}`
      }; ${VARIABLE} can name the file`,
  );
}

function openNamed(path: string, launch: Launch): MpiLibrary {
  const version = versionOf(path);
  if (version === undefined) {
    throw new Error(`${VARIABLE}: expected the path of an MPI library, found ${path}`);
  }
  const family = familyOf(version);
  if (family === undefined || !fits(family, launch)) {
    throw new Error(
      `${VARIABLE}: ${path} is ${version}, and the process was started by ${launch.launcher}: ` +
        "a library and a launcher of two implementations do not find each other",
    );
  }
  const standard = path.includes("libmpi_abi");
  const handles = standard
    ? standardHandles
    : family === "Open MPI"
    ? openMpiHandles
    : mpichHandles;
  return { path, version, family, handles };
}

function fits(family: Family, { family: wanted }: Launch): boolean {
  return wanted === undefined || family === wanted;
}

/** Beside the first launcher of the search path, which may be one that the loader does not know. */
function* candidates(search: string | undefined) {
  const prefix = launcherFolder(search);
  for (const { name, handles } of names) {
    if (prefix !== undefined) yield { path: join(prefix, "lib", name), handles };
  }
  for (const { name, handles } of names) yield { path: name, handles };
}

function launcherFolder(search: string | undefined): string | undefined {
  for (const folder of search?.split(":") ?? []) {
    try {
      const file = join(folder, "mpirun");
      if (Deno.statSync(file).isFile) return dirname(dirname(file));
    } catch {
      // The next folder may have it.
    }
  }
  return undefined;
}

/** What the library at a path says of itself, which it does before it is in use; undefined if none is there. */
function versionOf(path: string): string | undefined {
  let library;
  try {
    library = Deno.dlopen(path, {
      MPI_Get_library_version: { parameters: ["buffer", "buffer"], result: "i32" },
    });
  } catch {
    return undefined;
  }
  // More than any library's MPI_MAX_LIBRARY_VERSION_STRING.
  const text = new Uint8Array(new ArrayBuffer(1 << 14));
  library.symbols.MPI_Get_library_version(text, new Int32Array(new ArrayBuffer(4)));
  const words = new TextDecoder().decode(text.subarray(0, text.indexOf(0)));
  return words.split("\n")[0]!.replace(/\s+/g, " ").replace(/,? *package:.*?(?=, ident|$)/i, "")
    .trim();
}

/** The functions of a library, for handles of one type. */
export function bindLibrary(path: string, handle: Handles["type"]) {
  return Deno.dlopen(
    path,
    {
      MPI_Init_thread: { parameters: ["usize", "usize", "i32", "buffer"], result: "i32" },
      MPI_Comm_rank: { parameters: [handle, "buffer"], result: "i32" },
      MPI_Comm_size: { parameters: [handle, "buffer"], result: "i32" },
      MPI_Comm_dup: { parameters: [handle, "buffer"], result: "i32" },
      MPI_Ibarrier: { parameters: [handle, "buffer"], result: "i32" },
      MPI_Iallgather: {
        parameters: ["buffer", "i32", handle, "buffer", "i32", handle, handle, "buffer"],
        result: "i32",
      },
      MPI_Allgatherv: {
        parameters: ["buffer", "i32", handle, "buffer", "buffer", "buffer", handle, handle],
        result: "i32",
        nonblocking: true,
      },
      MPI_Test: { parameters: ["buffer", "buffer", "buffer"], result: "i32" },
      MPI_Reduce_scatter: {
        parameters: ["buffer", "buffer", "buffer", handle, handle, handle],
        result: "i32",
        nonblocking: true,
      },
      MPI_Bcast: {
        parameters: ["buffer", "i32", handle, "i32", handle],
        result: "i32",
        nonblocking: true,
      },
      MPI_Abort: { parameters: [handle, "i32"], result: "i32" },
      MPI_Finalize: { parameters: [], result: "i32" },
    } as const,
  ).symbols;
}

/** The functions that turn Open MPI's numbers in Fortran into its handles. */
export function bindFortran(path: string) {
  return Deno.dlopen(
    path,
    {
      MPI_Comm_f2c: { parameters: ["i32"], result: "usize" },
      MPI_Type_f2c: { parameters: ["i32"], result: "usize" },
      MPI_Op_f2c: { parameters: ["i32"], result: "usize" },
      MPI_Type_get_name: { parameters: ["usize", "buffer", "buffer"], result: "i32" },
    } as const,
  ).symbols;
}
