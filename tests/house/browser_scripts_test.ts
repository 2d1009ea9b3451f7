import { expect } from "expect";
import ts from "typescript";

Deno.test("house: scripts for browsers keep the types that they state, checked against the DOM", () => {
  const files = [
    ...["ui", "ask", "elements", "files"].map((name) => `app/web/page/${name}`),
    ...["view", "table", "rows", "overlay", "address"].map((name) => `app/view/page/${name}`),
    ...["client", "follow_address"].map((name) => `app/report/${name}`),
  ].map((name) => new URL(`../../plugins/${name}.js`, import.meta.url).pathname);
  const program = ts.createProgram(files, {
    ...{ allowJs: true, checkJs: true, noEmit: true, strict: true, noUncheckedIndexedAccess: true },
    allowImportingTsExtensions: true,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ESNext,
    lib: ["lib.esnext.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    types: [],
  });
  const faults = files.map((file) => program.getSourceFile(file)!).flatMap((source) =>
    [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
      .map(({ messageText, start }) => {
        const { line } = source.getLineAndCharacterOfPosition(start ?? 0);
        const text = ts.flattenDiagnosticMessageText(messageText, "\n");
        return `${source.fileName}:${line + 1}: ${text}`;
      })
  );
  expect(faults).toEqual([]);
});
