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
  return `expected permission to read files and the environment, found none; ${remedy(command)}`;
}

/**
 * Which permission is missing, in a line, where that made something fail; `undefined` if it was
 * something else.
 *
 * @param command As in {@linkcode Start}.
 */
export function permissionFault(error: unknown, command: readonly string[]): string | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    const found = /Requires (.+), run again with the (--allow-[a-z]+) flag/.exec(each.message);
    if (found === null) continue;
    return `expected permission for ${found[1]} (${found[2]}), found none; ${remedy(command)}`;
  }
  return undefined;
}

function remedy(command: readonly string[]): string {
  const typed = command.map((part) => /^[\w@%+=:,./-]+$/.test(part) ? part : quote(part)).join(" ");
  return `type: deno run -A ${typed}`;
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
    command: typedCommand(program),
  };
}

/** What is typed behind `deno run -A` to run the program of this address as this process does. */
export function typedCommand(program: string): readonly string[] {
  const name = program.startsWith("file:") ? "main.ts" : "jsr:@syntagma/syntagma/main";
  return [name, ...Deno.args];
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
