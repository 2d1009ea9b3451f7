import { expect } from "expect";
import ts from "typescript";

Deno.test("ui.js: keeps the types that it states, checked against the DOM", () => {
  const file = new URL("../../../../plugins/app/web/page/ui.js", import.meta.url).pathname;
  const program = ts.createProgram([file], {
    ...{ allowJs: true, checkJs: true, noEmit: true, strict: true, noUncheckedIndexedAccess: true },
    allowImportingTsExtensions: true,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ESNext,
    lib: ["lib.esnext.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    types: [],
  });
  const source = program.getSourceFile(file)!;
  const faults = [
    ...program.getSyntacticDiagnostics(source),
    ...program.getSemanticDiagnostics(source),
  ]
    .map(({ messageText, start }) =>
      `${ts.flattenDiagnosticMessageText(messageText, "\n")} at ${
        source.getLineAndCharacterOfPosition(start ?? 0).line + 1
      }`
    );
  expect(faults).toEqual([]);
});
