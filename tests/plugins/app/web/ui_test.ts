import { expect } from "expect";
import ts from "typescript";

Deno.test("ui.js: the page's scripts keep the types that they state, checked against the DOM", () => {
  const files = [
    "../../../../plugins/app/web/page/ui.js",
    "../../../../plugins/app/web/page/ask.js",
    "../../../../plugins/app/web/page/elements.js",
    "../../../../plugins/app/web/page/files.js",
  ].map((path) => new URL(path, import.meta.url).pathname);
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
