import { describeSeconds, type TextStream, writeText } from "../../core/training/mod.ts";

/** How far some work has come. */
export interface StatusInfo {
  /** What is being done: `"sugarcrepe: pictures"`. */
  readonly what: string;
  /** Parts that are done. */
  readonly done: number;
  /** All parts. */
  readonly total: number;
  /** Parts a second; 0 while it is not known. */
  readonly perSecond: number;
}

/** A line about the work that is being done, below lines that stay. */
export interface StatusLine {
  /** Shows how far the work has come; drawn now and then only. */
  update(info: StatusInfo): void;
  /** Says something in a line of its own. */
  line(text: string): void;
  /** Takes the line away. */
  clear(): void;
}

/** What a status line is drawn on. */
export interface StatusSurface {
  /** Takes the text. */
  readonly stderr: TextStream;
  /** Whether a line can be redrawn in place. */
  readonly terminal: boolean;
  /** Columns. */
  readonly width: () => number;
}

/** Back to the first column, and the line emptied. */
const EMPTY = "\r\x1b[2K";

/** A line in place on a terminal, about ten times a second; in a log, a line every ten seconds. */
export function createStatusLine(
  { stderr, terminal, width }: StatusSurface,
  now: () => number = () => performance.now(),
): StatusLine {
  const interval = terminal ? 100 : 10_000;
  let shownAt = now();
  let shown = false;
  const clear = () => {
    if (shown) writeText(stderr, EMPTY);
    shown = false;
  };
  return {
    update: (info) => {
      if (now() - shownAt < interval) return;
      shownAt = now();
      const text = describe(info);
      if (!terminal) return writeText(stderr, `${text}\n`);
      writeText(stderr, `${EMPTY}${text.slice(0, Math.max(1, width() - 1))}`);
      shown = true;
    },
    line: (text) => {
      clear();
      writeText(stderr, `${text}\n`);
    },
    clear,
  };
}

function describe({ what, done, total, perSecond }: StatusInfo): string {
  const left = perSecond > 0 ? `  ${describeSeconds((total - done) / perSecond)} left` : "";
  const rate = perSecond > 0 ? `  ${perSecond.toPrecision(3)}/s` : "";
  return `${what} ${done}/${total}${rate}${left}`;
}
