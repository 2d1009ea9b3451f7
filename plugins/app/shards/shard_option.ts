import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { parseShard } from "../../../core/host/parse_shard.ts";
import type { Shard } from "../../../core/shard.ts";

/**
 * The option `--shard`, which has one meaning in all commands: only a part of the work, to be joined
 * with the others by `merge`.
 *
 * @internal
 */
export function shardOption(): Option<"--shard <part>", undefined, undefined, Shard> {
  return new Option(
    "--shard <part>",
    "only a part of the work: 2/8, or auto (auto/8) for a task of a job array; merge joins the parts",
  ).argParser((text) => {
    try {
      return parseShard(text, (name) => Deno.env.get(name));
    } catch (error) {
      if (error instanceof RangeError) throw new InvalidArgumentError(error.message);
      throw error;
    }
  });
}
