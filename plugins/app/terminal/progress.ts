import { stripVTControlCharacters } from "node:util";
import { type TextStream, writeText } from "./text_stream.ts";

/** Shows a person how a run gets on. */
export interface Progress {
  /**
   * A step is done.
   *
   * @param info What it reports.
   * @param info.step 1 for the first.
   * @param info.total How many steps the run has.
   * @param info.objective The objective that the step trained.
   * @param info.loss The loss of the step's batch.
   * @param info.samplesPerSecond Examples a second, lately.
   * @param info.secondsLeft Seconds until the last step is done.
   */
  step(info: {
    readonly step: number;
    readonly total: number;
    readonly objective: string;
    readonly loss: number;
    readonly samplesPerSecond: number;
    readonly secondsLeft: number;
  }): void;
  /**
   * A part of work between steps is done.
   *
   * @param info How far it has come.
   * @param info.what What is being done: `"sugarCrepe: pictures"`.
   * @param info.done Parts that are done.
   * @param info.total All parts.
   * @param info.perSecond Parts a second; 0 while it is not known.
   */
  work(info: {
    readonly what: string;
    readonly done: number;
    readonly total: number;
    readonly perSecond: number;
  }): void;
  /** Something else to say, in a line of its own. */
  line(text: string): void;
  /** The run is over: what was seen last is left standing. */
  close(): void;
}

/** What a step reports. */
export type StepInfo = Parameters<Progress["step"]>[0];

/** How progress is shown. */
export interface ProgressOptions {
  /** True for a terminal: one line, redrawn in place. False for a log: lines now and then. */
  readonly terminal: boolean;
  /** Columns of the terminal; asked at each drawing, since windows change. */
  readonly width: () => number;
  /** Milliseconds on a clock that never goes back. Default `performance.now`. */
  readonly now?: () => number;
}

/** As this process's standard error takes it. */
export function standardErrorOptions(): ProgressOptions {
  return {
    terminal: Deno.stderr.isTerminal() && Deno.env.get("TERM") !== "dumb",
    width: () => Deno.consoleSize().columns,
  };
}

const redrawEvery = 100;
const logEvery = 10_000;

/**
 * Progress on a stream.
 *
 * A terminal gets one line, redrawn at most about ten times a second. A log gets the first step, the
 * last, and one step about every ten seconds between, without control characters; and how far other
 * work has come about every ten seconds.
 *
 * @example
 * ```ts
 * import { createProgress } from "./progress.ts";
 *
 * const progress = createProgress(Deno.stderr, { terminal: false, width: () => 80 });
 * progress.step({
 *   step: 1,
 *   total: 1,
 *   objective: "clic",
 *   loss: 0.7,
 *   samplesPerSecond: 32,
 *   secondsLeft: 0,
 * });
 * progress.close();
 * ```
 */
export function createProgress(stream: TextStream, options: ProgressOptions): Progress {
  const { terminal, width, now = () => performance.now() } = options;
  const interval = terminal ? redrawEvery : logEvery;
  let latest: StepInfo | undefined;
  let pending = false;
  let bottom: "nothing" | "step" | "work" = "nothing";
  let stepShownAt = -Infinity;
  let workShownAt = now();

  const draw = (text: string) =>
    writeText(
      stream,
      terminal ? `${clearLine}${text.slice(0, Math.max(1, width() - 1))}` : `${text}\n`,
    );
  const showStep = (info: StepInfo) => {
    draw(describeStep(info));
    pending = false;
    bottom = "step";
    stepShownAt = now();
  };
  return {
    step: (info) => {
      latest = info;
      pending = true;
      if (info.step === info.total || now() - stepShownAt >= interval) showStep(info);
    },
    work: (info) => {
      if (now() - workShownAt < interval) return;
      draw(describeWork(info));
      bottom = "work";
      workShownAt = now();
    },
    line: (text) => {
      if (!terminal) return writeText(stream, `${stripVTControlCharacters(text)}\n`);
      writeText(stream, `${clearLine}${text}\n`);
      bottom = "nothing";
      if (latest !== undefined) showStep(latest);
    },
    close: () => {
      if (pending) showStep(latest!);
      if (terminal && bottom !== "nothing") {
        writeText(stream, bottom === "step" ? "\n" : clearLine);
      }
      latest = undefined;
      bottom = "nothing";
    },
  };
}

/** Back to the first column, and the line emptied. */
const clearLine = "\r\x1b[2K";

function describeStep(info: StepInfo): string {
  const step = String(info.step).padStart(String(info.total).length);
  return [
    `step ${step}/${info.total}`,
    info.objective,
    `loss ${info.loss.toFixed(4)}`,
    `${info.samplesPerSecond.toPrecision(3)} samples/s`,
    `${describeSeconds(info.secondsLeft)} left`,
  ].join("  ");
}

function describeWork({ what, done, total, perSecond }: Parameters<Progress["work"]>[0]): string {
  const left = perSecond > 0 ? `  ${describeSeconds((total - done) / perSecond)} left` : "";
  const rate = perSecond > 0 ? `  ${perSecond.toPrecision(3)}/s` : "";
  return `${what} ${done}/${total}${rate}${left}`;
}

/**
 * A span of time for people: `42 s`, `3 min 05 s`, `2 h 07 min`.
 *
 * @param seconds Zero or more; `?` stands for a span that is not known (NaN or infinite).
 */
export function describeSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return "? s";
  const whole = Math.round(seconds);
  const pad = (value: number) => String(value).padStart(2, "0");
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}
