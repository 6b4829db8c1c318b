/** What browsers load of the built explorer. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { PAGE } from "../demo/explorer.ts";

/** How much something is. */
export interface Weight {
  readonly bytes: number;
  /** The same, as servers send it. */
  readonly gzipBytes: number;
}

/** Scripts and styles that the page names, and those that scripts import at once, which Vite lets it name, too. */
const NAMED = /<(?:script|link)\b[^>]*\b(?:src|href)="\.\/(assets\/[^"]+)"/g;
/** The worker that computes an answer again. */
const WORKER = "assets/worker-*.js";
/** How built files name each other. */
const ASSET = /[\w-]+\.(?:js|wasm)\b/g;

/** What comes with the page before anything is shown: the document, scripts, styles. */
export function firstLoad(): Weight {
  const document = readFileSync(join(PAGE, "index.html"), "utf8");
  const files = [...document.matchAll(NAMED)].map(([, path = ""]) => path);
  if (!files.some((path) => path.endsWith(".js"))) throw new Error("The page names no script");
  return weigh(["index.html", ...files]);
}

/** What comes besides when an answer is computed again: the worker, ONNX Runtime, and whatever else it names. */
export function verificationLoad(): Weight {
  const files = new Set(globSync(WORKER, { cwd: PAGE }));
  if (files.size !== 1) throw new Error(`The page has ${files.size} files ${WORKER}, not one`);
  // A set gives what is added while it is gone through, too.
  for (const path of files) {
    if (!path.endsWith(".js")) continue;
    const names = readFileSync(join(PAGE, path), "utf8").match(ASSET) ?? [];
    for (const name of names) if (existsSync(join(PAGE, "assets", name))) files.add(`assets/${name}`);
  }
  if (![...files].some((path) => path.endsWith(".wasm"))) throw new Error("The worker names no runtime");
  return weigh([...files]);
}

function weigh(paths: readonly string[]): Weight {
  const files = [...new Set(paths)].map((path) => readFileSync(join(PAGE, path)));
  const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);
  return {
    bytes: sum(files.map(({ length }) => length)),
    gzipBytes: sum(files.map((file) => gzipSync(file).length)),
  };
}
