/** Scripts that check the repository, run on a folder of a test's own. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

export interface Outcome {
  readonly code: number | null;
  readonly lines: readonly string[];
}

/** Runs `scripts/<name>.ts` where there are these files and no others: path -> content. */
export function runOn(name: string, files: Readonly<Record<string, string>>, ...args: readonly string[]): Outcome {
  const cwd = mkdtempSync(join(tmpdir(), "opg-scripts-"));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), content);
    }
    const script = resolve(`scripts/${name}.ts`);
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { cwd, encoding: "utf8" });
    return { code: status, lines: `${stderr}${stdout}`.trim().split("\n") };
  } finally {
    rmSync(cwd, { recursive: true });
  }
}
