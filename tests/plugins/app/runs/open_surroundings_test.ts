import { expect } from "expect";
import type { Context } from "../../../../core/context.ts";
import { openSurroundings } from "../../../../plugins/app/runs/open_surroundings.ts";
import { createProgress } from "../../../../plugins/app/terminal/progress.ts";
import { createSink } from "../../../helpers/text_sink.ts";

Deno.test("openSurroundings: what is given is kept and left open, the rest is opened", () => {
  const sink = createSink();
  const progress = createProgress(sink, { terminal: false, width: () => 80 });
  const { signal } = new AbortController();
  {
    using opened = openSurroundings({ progress, signal, device: "wasm" });
    expect(opened.device).toBe("wasm");
    expect(opened.progress).toBe(progress);
    expect(opened.signal).toBe(signal);
    // Whatever components say comes where the progress is.
    opened.context.log("a component's line");
  }
  progress.line("still open");
  expect(sink.text()).toBe("a component's line\nstill open\n");
  const context = {} as Context;
  using given = openSurroundings({ context });
  expect(given.context).toBe(context);
  expect(given.device).toBe("auto");
});
