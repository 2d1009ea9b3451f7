/** The oldest Deno that lists and trains recipes: before it, `node:fs/promises` has no `statfs`. */
export const OLDEST_DENO = "2.6.0";

/** What is known of a process before anything of the project is loaded. */
export interface Start {
  /** Deno's version. */
  readonly deno: string;
  /** Whether files and the environment may be read, at least in part; every command needs both. */
  readonly mayRead: boolean;
  /** What follows `deno run -A`: the program and its arguments. */
  readonly command: readonly string[];
}

/**
 * Why the command line cannot start, in a line; `undefined` if it can. This file imports nothing and
 * is written so that an old Deno can read it, which the rest of the project need not be.
 */
export function startFault({ deno, mayRead, command }: Start): string | undefined {
  if (isOlder(deno, OLDEST_DENO)) {
    return `expected Deno ${OLDEST_DENO} or newer, found ${deno}; "deno upgrade" brings the newest, ` +
      `and "npx -y deno" runs it without installing`;
  }
  if (mayRead) return undefined;
  const typed = command.map((part) => /^[\w@%+=:,./-]+$/.test(part) ? part : quote(part)).join(" ");
  return `expected permission to read files and the environment, found none; type: ` +
    `deno run -A ${typed}`;
}

/** This process, run as the program of this address. */
export function thisStart(program: string): Start {
  const may = (name: "read" | "env"): boolean => {
    const { state, partial } = Deno.permissions.querySync({ name });
    return state === "granted" || partial;
  };
  return {
    deno: Deno.version.deno,
    mayRead: may("read") && may("env"),
    command: [
      program.startsWith("file:") ? "main.ts" : "jsr:@syntagma/syntagma/main",
      ...Deno.args,
    ],
  };
}

function isOlder(version: string, than: string): boolean {
  const [parts, others] = [version, than].map((each) => each.split(/[.+-]/).map(Number));
  for (let i = 0; i < 3; i++) {
    if (parts![i] !== others![i]) return parts![i]! < others![i]!;
  }
  return false;
}

function quote(part: string): string {
  return `'${part.replaceAll("'", `'\\''`)}'`;
}
