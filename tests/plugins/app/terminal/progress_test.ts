import { expect } from "expect";
import {
  createProgress,
  describeSeconds,
  type StepInfo,
} from "../../../../plugins/app/terminal/progress.ts";
import { createSink } from "../../../helpers/text_sink.ts";

/** Progress on a sink with a clock that is set by hand. */
function harness(terminal: boolean, width = 200) {
  const sink = createSink();
  let time = 0;
  const progress = createProgress(sink, { terminal, width: () => width, now: () => time });
  const step = (step: number, total: number, at: number) => {
    time = at;
    progress.step(info(step, total));
  };
  const work = (done: number, at: number) => {
    time = at;
    progress.work({ what: "x: pictures", done, total: 40, perSecond: 2 });
  };
  return { sink, progress, step, work };
}

function info(step: number, total: number): StepInfo {
  return { step, total, objective: "clic", loss: 1.25, samplesPerSecond: 32.04, secondsLeft: 125 };
}

const rest = "  clic  loss 1.2500  32.0 samples/s  2 min 05 s left";

Deno.test("createProgress: a log gets the first step, one about every ten seconds, and the last", () => {
  const { sink, progress, step } = harness(false);
  // A step every 4 s: shown at 0 s, then at the first step at least 10 s later (12 s, 24 s), then
  // the last one (28 s) though only 4 s have passed.
  for (let i = 1; i <= 8; i++) step(i, 8, (i - 1) * 4000);
  progress.close();
  expect(sink.text()).toBe([1, 4, 7, 8].map((i) => `step ${i}/8${rest}\n`).join(""));
});

Deno.test("createProgress: a log gets the step at which an unfinished run stopped", () => {
  const { sink, progress, step } = harness(false);
  step(1, 100, 0);
  step(2, 100, 10);
  progress.close();
  progress.close();
  expect(sink.text()).toBe(`step   1/100${rest}\nstep   2/100${rest}\n`);
});

Deno.test("createProgress: a log holds no control characters", () => {
  const { sink, progress, step } = harness(false);
  step(1, 1, 0);
  progress.line("\x1b[31mred\x1b[0m");
  progress.close();
  expect(sink.text()).toBe(`step 1/1${rest}\nred\n`);
});

Deno.test("createProgress: a terminal's line is redrawn in place at most ten times a second", () => {
  const { sink, progress, step } = harness(true);
  // Steps every 30 ms: drawn at 0 ms, then at the first step at least 100 ms later (120 ms).
  for (let i = 1; i <= 6; i++) step(i, 9, (i - 1) * 30);
  progress.close();
  // What was not drawn yet (step 6) is left standing, with the cursor below it.
  const drawn = [1, 5, 6].map((i) => `\r\x1b[2Kstep ${i}/9${rest}`).join("");
  expect(sink.text()).toBe(`${drawn}\n`);
});

Deno.test("createProgress: a terminal's line is cut so that it does not wrap", () => {
  const { sink, step } = harness(true, 12);
  step(1, 9, 0);
  expect(sink.text()).toBe("\r\x1b[2Kstep 1/9  c");
});

Deno.test("createProgress: a terminal prints lines above the step", () => {
  const { sink, progress, step } = harness(true);
  progress.line("before");
  step(1, 9, 0);
  progress.line("between");
  progress.close();
  progress.line("after");
  const drawn = `\r\x1b[2Kstep 1/9${rest}`;
  expect(sink.text())
    .toBe(`\r\x1b[2Kbefore\n${drawn}\r\x1b[2Kbetween\n${drawn}\n\r\x1b[2Kafter\n`);
});

Deno.test("createProgress: writes all of a line to a stream that takes three bytes at a time", () => {
  const sink = createSink(3);
  createProgress(sink, { terminal: false, width: () => 80 }).line("größer");
  expect(sink.text()).toBe("größer\n");
});

Deno.test("createProgress: other work is a line in place, or in a log a line every ten seconds", () => {
  for (
    const [terminal, expected] of [
      [true, "\r\x1b[2Kx: pictures 10/40  2.00/s  15 s left\r\x1b[2Kdone\n"],
      [false, "x: pictures 10/40  2.00/s  15 s left\ndone\n"],
    ] as const
  ) {
    const { sink, progress, work } = harness(terminal);
    work(10, 0);
    work(10, 20_000);
    work(11, 20_050);
    progress.line("done");
    progress.close();
    expect(sink.text()).toBe(expected);
  }
});

Deno.test("createProgress: what stands of other work when the run is over is taken away", () => {
  const { sink, progress, step, work } = harness(true);
  step(1, 2, 0);
  work(10, 200);
  progress.close();
  const other = "\r\x1b[2Kx: pictures 10/40  2.00/s  15 s left";
  expect(sink.text()).toBe(`\r\x1b[2Kstep 1/2${rest}${other}\r\x1b[2K`);
});

Deno.test("describeSeconds: rounds to the two largest units", () => {
  // 59.6 s is 60 s rounded; 3599.7 s is 3600 s rounded, an hour; 7,229 s is 120.48 minutes.
  expect([0, 59.4, 59.6, 185, 3599.7, 7229, Infinity].map(describeSeconds)).toEqual([
    "0 s",
    "59 s",
    "1 min 00 s",
    "3 min 05 s",
    "1 h 00 min",
    "2 h 00 min",
    "? s",
  ]);
});
