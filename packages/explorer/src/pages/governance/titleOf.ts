/** The first line of a description that says anything, without marks of a heading. */
export function titleOf(description: string): string {
  const line = description.split(/\r?\n/).find((text) => text.trim() !== "");
  return line?.replace(/^#+\s*/, "").trim() ?? "Without description";
}
