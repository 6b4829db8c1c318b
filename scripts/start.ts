/** `npm start`: builds what is not built yet, and runs the demonstration. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { Command, InvalidArgumentError, Option } from "commander";
import hre from "hardhat";

import { loadPicture } from "./demo/picture.ts";

const LAST_PORT = 65_535;
const PORTS = 11;
/** What is continued unless somebody says what. */
const PROMPT = "And God said";

interface Options {
  readonly port: number;
  readonly keep: boolean;
  readonly dispute: boolean;
  readonly session: boolean;
  /** A prompt, or whether the text is shown at all. */
  readonly chat: string | boolean;
  readonly svg: string;
  readonly json: boolean;
}

const program = new Command("npm start --")
  .description("Has nine nodes read a picture of a digit on a chain in this process, while one of them lies.")
  .argument(
    "[picture]",
    "PNG of one handwritten digit",
    fileURLToPath(new URL("../examples/digits/pictures/five-1.png", import.meta.url)),
  )
  .option(
    "--port <number>",
    "first of eleven free ports: the chain's, the nodes', with --keep the explorer's",
    parsePort,
    8545,
  )
  .option("--keep", "leave chain and nodes running, serve the explorer, and print addresses and keys", false)
  .addOption(
    new Option("--dispute", "show instead how one watcher proves a node wrong that lies by one unit")
      .default(false)
      .conflicts(["keep", "session"]),
  )
  .addOption(
    new Option(
      "--session",
      "show instead a thousand calls that one transaction pays for, and one false answer among them",
    )
      .default(false)
      .conflicts("keep"),
  )
  .addOption(
    new Option("--chat [prompt]", "show instead a text that is written, checked here, and in one byte a lie")
      .default(false)
      .conflicts(["keep", "session", "dispute"]),
  )
  .addOption(
    new Option("--svg <file>", "of a dispute: where its picture is written")
      .default("dispute.svg")
      .implies({ dispute: true }),
  )
  .addOption(
    new Option("--json", "of a dispute, a session or a text: print what happened for programs")
      .default(false)
      .conflicts("keep"),
  )
  .parse();

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port + PORTS - 1 <= LAST_PORT) return port;
  throw new InvalidArgumentError(`must be a whole number from 1 to ${LAST_PORT - PORTS + 1}`);
}

/** The packages are TypeScript that other TypeScript imports by name: they are compiled like for anybody else. */
async function buildPackages(): Promise<void> {
  const compiler = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));
  const process_ = spawn(process.execPath, [compiler, "-b", "packages/sdk", "packages/node"], {
    stdio: ["inherit", process.stderr, "inherit"],
  });
  const [code] = (await once(process_, "exit")) as [number | null];
  if (code !== 0) throw new Error("The packages do not compile.");
}

try {
  const [picture] = program.processedArgs as [string];
  const pixels = loadPicture(picture);
  const { dispute, session, chat, svg, json, ...options } = program.opts<Options>();
  const output = json ? process.stderr : process.stdout;
  output.write("Compiling contracts and packages, about half a minute the first time ...\n");
  await Promise.all([buildPackages(), hre.tasks.getTask("build").run({ quiet: true, noTests: true })]);
  if (chat !== false) {
    const { runChat } = await import("./demo/chat/run.ts");
    await runChat({ prompt: chat === true ? PROMPT : chat, json, ...options });
  } else if (dispute || (json && !session)) {
    const { runDispute } = await import("./demo/dispute/run.ts");
    await runDispute({ pixels, svg, json, ...options });
  } else if (session) {
    const { runSession } = await import("./demo/session/run.ts");
    await runSession({ pixels, json, ...options });
  } else {
    const { runDemo } = await import("./demo/run.ts");
    await runDemo({ pixels, ...options });
  }
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
