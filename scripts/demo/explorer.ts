/** The explorer as it is built for any static host. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const EXPLORER = join(ROOT, "packages/explorer");
const VITE = join(ROOT, "node_modules/vite/bin/vite.js");

/** Where the built page is. */
export const PAGE = join(EXPLORER, "dist");
/** The headers that it asks hosts for. */
export const HEADERS = join(EXPLORER, "public/_headers");

/**
 * Builds the page, out of the SDK as it was compiled; takes a few seconds.
 * @throws if it cannot be built; why was printed.
 */
export async function buildPage(): Promise<void> {
  const builder = spawn(process.execPath, [VITE, "build", "--logLevel", "warn"], {
    cwd: EXPLORER,
    stdio: ["ignore", process.stderr, "inherit"],
  });
  const [code] = (await once(builder, "exit")) as [number | null];
  if (code !== 0) throw new Error("The explorer cannot be built.");
}
