import ts from "typescript";

/** Names that a module gives to others. */
export interface DeclaredNames {
  /** What it exports by a declaration. */
  readonly exports: readonly string[];
  /** Options of components: what its schemas hold, but for those of files that others write. */
  readonly options: readonly string[];
}

/** The names that a module declares for others. */
export function declaredNames(path: string, source: string): DeclaredNames {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const options: string[] = [];
  const visit = (node: ts.Node) => {
    // What a file may hold beside what is read of it is the file's: `z.object`.
    if (isSchema(node, "z.object", file)) return;
    if (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) {
      const isOption = isSchema(node.parent.parent, "z.strictObject", file) ||
        ts.isPropertyAssignment(node) && /^z\s*\./.test(node.initializer.getText(file));
      // Options are written in camel case, keys of files by other programs as these have it.
      const name = nameOf(node.name);
      if (isOption && !name.includes("_")) options.push(name);
    }
    node.forEachChild(visit);
  };
  visit(file);
  return { exports: file.statements.flatMap(exported), options };
}

function isSchema(node: ts.Node, maker: string, file: ts.SourceFile): boolean {
  return ts.isCallExpression(node) && node.expression.getText(file) === maker;
}

function exported(statement: ts.Statement): string[] {
  const isExported = ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (!isExported) return [];
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const { name } = statement as ts.DeclarationStatement;
  return name === undefined ? [] : [name.getText()];
}

function nameOf(name: ts.PropertyName): string {
  return ts.isStringLiteralLike(name) ? name.text : name.getText();
}

/** The words of a name in any of the ways to write several as one, in lower case. */
export function wordsOfName(name: string): readonly string[] {
  return name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, " ")
    .split(/[^A-Za-z0-9]+/).filter((word) => word !== "").map((word) => word.toLowerCase());
}
