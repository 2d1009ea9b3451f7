import ts from "typescript";

/** How many lines of a module hold code: no comments, no empty lines, no imports. */
export function codeLines(source: string): number {
  const file = ts.createSourceFile("x.ts", source, ts.ScriptTarget.Latest, true);
  const lines = new Set<number>();
  const visit = (node: ts.Node) => {
    if (ts.isImportDeclaration(node) || ts.isJSDoc(node)) return;
    const children = node.getChildren(file);
    if (children.length > 0) return children.forEach(visit);
    if (node.getWidth(file) === 0) return;
    const lineOf = (place: number) => file.getLineAndCharacterOfPosition(place).line;
    for (let line = lineOf(node.getStart(file)); line <= lineOf(node.getEnd()); line++) {
      lines.add(line);
    }
  };
  visit(file);
  return lines.size;
}
