import { expandHome } from "../../../core/host/expand_home.ts";

/** What may stand before a path in one word: `--out=`, `data.path=`, `captions:`. */
const BEFORE_PATH = /^(?:--[\w-]+=|[\w.-]+=|[a-z]+:)(?=~)/;

/**
 * An argument with `~` for the home folder written out where shells leave it: after an option's or a
 * setting's equals sign, and after the colon of `captions:~/table.csv`.
 */
export function expandArgument(argument: string): string {
  const before = BEFORE_PATH.exec(argument)?.[0] ?? "";
  return before + expandHome(argument.slice(before.length));
}
