/**
 * The public names of the package, each with its signature; run by itself it writes them down anew.
 *
 * @module
 */
import { dirname, join } from "node:path/posix";
import ts from "typescript";
import { readModule } from "./import_graph.ts";

const root = new URL("../../", import.meta.url);

/** Where the names that were agreed on are kept. */
export const PUBLIC_NAMES = new URL("tests/golden/public_names.txt", root);

/** The entry points of the package and their files. */
export function entryPoints(): Record<string, string> {
  return JSON.parse(Deno.readTextFileSync(new URL("deno.json", root))).exports;
}

/**
 * The public names as lines `<entry> <name>: <declaration>`, and for each member of an interface or
 * a class `<entry> <name>.<member>: <declaration>`; sorted. Declarations are those that TypeScript
 * writes into a `.d.ts`, without comments.
 *
 * @param entries The entry points and their files, as `exports` of deno.json has them.
 * @param read The source of a file by its path from the root.
 * @throws {Error} if a name is declared nowhere.
 */
export function publicNames(
  entries: Readonly<Record<string, string>>,
  read: (path: string) => string = readModule,
): string[] {
  const files = new Map<string, ts.SourceFile>();
  const open = (path: string): ts.SourceFile => {
    const file = files.get(path) ?? declarationFile(path, read(path));
    files.set(path, file);
    return file;
  };
  const lines = Object.entries(entries).flatMap(([entry, path]) =>
    [...exportsOf(join(path), open)].flatMap(([name, declared]) =>
      declared.map(([member, text]) => `${entry} ${name}${member}: ${text}`)
    )
  );
  return lines.toSorted((a, b) => nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0);
}

/** How public names differ from those that were agreed on, in words; nothing if they do not. */
export function publicChanges(agreed: readonly string[], found: readonly string[]): string[] {
  const before = Map.groupBy(agreed, nameOf);
  const after = Map.groupBy(found, nameOf);
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return names.flatMap((name) => {
    const was = before.get(name) ?? [];
    const is = after.get(name) ?? [];
    if (was.join("\n") === is.join("\n")) return [];
    if (was.length === 0) return is.map((line) => `came: ${line}`);
    if (is.length === 0) return was.map((line) => `went: ${line}`);
    return [`changed: ${was.join("\n         ")}\n     now: ${is.join("\n         ")}`];
  });
}

/** `<entry> <name>` or `<entry> <name>.<member>` of a line. */
function nameOf(line: string): string {
  return line.slice(0, line.indexOf(": "));
}

/** A member's name behind a dot, or nothing; and what is declared. */
type Line = readonly [member: string, declaration: string];

/** What is published of a file's types: its declarations, without bodies and comments. */
function declarationFile(path: string, source: string): ts.SourceFile {
  const { outputText } = ts.transpileDeclaration(source, {
    fileName: path,
    compilerOptions: { removeComments: true, target: ts.ScriptTarget.Latest, strict: true },
  });
  return ts.createSourceFile(path, outputText, ts.ScriptTarget.Latest, true);
}

/** What a module exports, by name; what it exports of others is followed to where it is declared. */
function exportsOf(path: string, open: (path: string) => ts.SourceFile): Map<string, Line[]> {
  const { statements } = open(path);
  const found = new Map<string, Line[]>();
  const add = (name: string, lines: readonly Line[]) =>
    found.set(name, [...found.get(name) ?? [], ...lines]);
  const from = (specifier: ts.Expression, name: string) =>
    exportsOf(join(dirname(path), (specifier as ts.StringLiteral).text), open).get(name) ?? [];
  /** Of a name that the module declares or imports. */
  const inside = (name: string): Line[] =>
    statements.flatMap((statement): Line[] => {
      if (!ts.isImportDeclaration(statement)) {
        return declaredBy(statement).flatMap(([each, lines]) => each === name ? lines : []);
      }
      const bindings = statement.importClause?.namedBindings;
      const binding = bindings !== undefined && ts.isNamedImports(bindings)
        ? bindings.elements.find((each) => each.name.text === name)
        : undefined;
      if (binding === undefined) return [];
      return from(statement.moduleSpecifier, (binding.propertyName ?? binding.name).text);
    });
  for (const statement of statements) {
    if (!ts.isExportDeclaration(statement)) {
      if (isExported(statement)) declaredBy(statement).forEach(([name, lines]) => add(name, lines));
      continue;
    }
    const { exportClause, moduleSpecifier } = statement;
    if (exportClause === undefined || !ts.isNamedExports(exportClause)) {
      throw new Error(`${path}: exports are to be named one by one`);
    }
    for (const { name, propertyName } of exportClause.elements) {
      const known = (propertyName ?? name).text;
      const lines = moduleSpecifier === undefined ? inside(known) : from(moduleSpecifier, known);
      if (lines.length === 0) throw new Error(`${path}: ${known} is declared nowhere`);
      add(name.text, lines);
    }
  }
  return found;
}

function isExported(statement: ts.Statement): boolean {
  return ts.isExportAssignment(statement) || ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
}

/** What a statement declares: names, each with its lines. */
function declaredBy(statement: ts.Statement): [name: string, lines: Line[]][] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map((each) => [
      each.name.getText(),
      [["", `const ${textOf(each)}`]],
    ]);
  }
  if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) return [];
  if (ts.isExportAssignment(statement)) return [["default", [["", textOf(statement)]]]];
  const name = (statement as ts.DeclarationStatement).name?.getText() ?? "default";
  if (!ts.isInterfaceDeclaration(statement) && !ts.isClassDeclaration(statement)) {
    return [[name, [["", textOf(statement)]]]];
  }
  const members = statement.members
    .filter((member) => !isPrivate(member))
    .map((member): Line => [`.${member.name?.getText() ?? "()"}`, textOf(member)]);
  return [[name, [["", textOf(statement).replace(/ ?\{.*$/, "")], ...members]]];
}

function isPrivate(member: ts.ClassElement | ts.TypeElement): boolean {
  if (member.name !== undefined && ts.isPrivateIdentifier(member.name)) return true;
  return ts.canHaveModifiers(member) &&
    ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) === true;
}

/** A declaration in one line. */
function textOf(node: ts.Node): string {
  return node.getText()
    .replace(/^(export )?(declare )?/, "")
    .replace(/;$/, "")
    .replaceAll(/\s*\n\s*/g, " ");
}

if (import.meta.main) {
  await Deno.writeTextFile(PUBLIC_NAMES, `${publicNames(entryPoints()).join("\n")}\n`);
}
