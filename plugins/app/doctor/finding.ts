/** One thing that was looked at. */
export interface Finding {
  /** What it is about: `"cpu"`, `"cache"`. */
  readonly what: string;
  /** `fault` is what keeps commands from working; `note` is good to know; `absent` is not needed. */
  readonly state: "ok" | "note" | "absent" | "fault";
  /** What was found. */
  readonly found: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** Findings that belong together. */
export interface Findings {
  /** A heading. */
  readonly title: string;
  readonly findings: readonly Finding[];
}

const MARKS: Readonly<Record<Finding["state"], string>> = {
  ok: "ok",
  note: "note",
  absent: "-",
  fault: "FAULT",
};

/** All findings for people. */
export function formatFindings(all: readonly Findings[]): string {
  const widest = Math.max(
    ...all.flatMap(({ findings }) => findings.map(({ what }) => what.length)),
  );
  return all.map(({ title, findings }) =>
    [
      title,
      ...findings.flatMap(({ what, state, found, advice }) => {
        const lead = `  ${MARKS[state].padEnd(5)}  ${what.padEnd(widest)}  `;
        const indent = " ".repeat(lead.length);
        const lines = advice === undefined ? [found] : [found, `→ ${advice}`];
        return lines.join("\n").split("\n").map((line, i) => (i === 0 ? lead : indent) + line);
      }),
    ].map((line) => `${line.trimEnd()}\n`).join("")
  ).join("\n");
}

/** An error's message, and that of what caused it, in one line. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
  // Without the place in ONNX Runtime's source that its messages begin with.
  const message = error.message.trim().replace(/^ONNX Runtime: .* was false\. /s, "ONNX Runtime: ");
  return `${message}${cause}`.replaceAll(/\s*\n\s*/g, " ");
}
