import { writeText } from "../terminal/text_stream.ts";
import { interruptible } from "./interrupt.ts";
import type { World } from "./world.ts";

/** Where a page is served, and under which name it is told. */
export interface PagePlace {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  /** `"the page"`. */
  readonly title: string;
}

/**
 * Serves a page until Ctrl-C, and tells its address.
 *
 * @param answer Makes what answers requests; the signal ends what it keeps open.
 * @returns the exit code.
 */
export function servePage(
  { port, host, title }: PagePlace,
  world: Pick<World, "stdout">,
  answer: (signal: AbortSignal) => (request: Request) => Response | Promise<Response>,
): Promise<number> {
  const print = (text: string) => writeText(world.stdout, `${text}\n`);
  return interruptible(async (signal) => {
    const server = Deno.serve({
      ...{ port, hostname: host, signal },
      onListen: ({ port }) =>
        print(`${title}: http://${host.includes(":") ? `[${host}]` : host}:${port}/ (Ctrl-C ends)`),
    }, answer(signal));
    await server.finished;
    return 0;
  }, () => print("the page is closed"));
}
