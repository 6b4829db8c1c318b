import { tune } from "@opg-protocol/sdk/onnx";

import { readBytes, writeBytes } from "../files.ts";
import { printJson, printTable } from "../print.ts";

export interface TuneOptions {
  readonly output: string;
  readonly json?: boolean;
}

/** Writes a model whose sums are portable, and says which scales were raised. */
export function tuneFile(path: string, { output, json }: TuneOptions): void {
  const { model, raises } = tune(readBytes(path));
  writeBytes(output, model);
  if (json === true) {
    printJson({ output, raises });
    return;
  }
  if (raises.length === 0) {
    process.stdout.write("All sums are portable already.\n");
    return;
  }
  printTable([
    ["Sum", "Scale was", "Scale is", "Also read by"],
    ...raises.map(({ node, from, to, readers }) => [node, `${from}`, `${to}`, readers.join(", ")]),
  ]);
}
