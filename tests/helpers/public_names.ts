/**
 * The public names of the package; run by itself it writes them down anew.
 *
 * @module
 */
import ts from "typescript";
import { readModule } from "./import_graph.ts";

const root = new URL("../../", import.meta.url);

/** Where the names that were agreed on are kept. */
export const PUBLIC_NAMES = new URL("tests/golden/public_names.json", root);

/** The names that a module exports, types marked. */
export function exportedNames(path: string, source: string): string[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  return file.statements.flatMap((statement): string[] => {
    if (ts.isExportDeclaration(statement)) {
      const { exportClause, isTypeOnly } = statement;
      if (exportClause === undefined || !ts.isNamedExports(exportClause)) return ["*"];
      return exportClause.elements.map(({ name, isTypeOnly: type }) =>
        `${isTypeOnly || type ? "type " : ""}${name.text}`
      );
    }
    const isExported = ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (!isExported) return [];
    const kind = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)
      ? "type "
      : "";
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.map(({ name }) => name.getText(file));
    }
    const { name } = statement as ts.DeclarationStatement;
    return [kind + (name?.getText(file) ?? "default")];
  }).toSorted();
}

/** The names of every entry point of the package. */
export function publicNames(): Record<string, string[]> {
  const { exports } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", root)));
  return Object.fromEntries(
    Object.entries<string>(exports).map(([entry, path]) => [
      entry,
      exportedNames(path, readModule(path.slice(2))),
    ]),
  );
}

if (import.meta.main) {
  await Deno.writeTextFile(PUBLIC_NAMES, `${JSON.stringify(publicNames(), null, 2)}\n`);
}
