import { homedir } from "node:os";
import { join } from "node:path";

import { Command, CommanderError, InvalidArgumentError } from "commander";

import type { Overrides } from "../config/Config.ts";
import { disputes } from "./disputes.ts";
import { doctor } from "./doctor.ts";
import { ExitCode, exitCodeOf } from "./exits.ts";
import { init, type InitOptions } from "./init.ts";
import { redeem } from "./redeem.ts";
import { relay, start, watch } from "./start.ts";
import { status, type Printing } from "./status.ts";

const program = new Command("opg-node")
  .description("Runs a node of OPG Protocol: answers jobs with real models, and stakes OPG on the answers.")
  .option("-d, --data <folder>", "data folder of the node", process.env.OPG_NODE_DATA ?? join(homedir(), ".opg-node"))
  .exitOverride();

const folder = (): string => program.opts<{ data: string }>().data;

program
  .command("init")
  .description("makes the data folder: key, secret and configuration")
  .option("--watcher", "make that of a watcher, which needs no node and no versions")
  .option("--node <address>", "address that registers the node; its key stays elsewhere")
  .option("--rpc-url <url>", "where the chain is reached: http(s) or ws(s)")
  .option("--addresses <file>", "JSON of the deployment, or of its addresses")
  .option("--version-id <id...>", "versions to offer")
  .option("--json", "print the result as JSON, ask nothing")
  .action(async (options: InitOptions) => {
    await init(folder(), options);
  });

program
  .command("start")
  .description("follows the chain and answers jobs until it is stopped")
  .option("--rpc-url <url>", "instead of the configured one")
  .option("--port <number>", "port of the server of outputs", parsePort)
  .option("--log <level>", "debug, info, warn or error")
  .action(async (options: Overrides) => {
    await start(folder(), options);
  });

program
  .command("watch")
  .description("runs again what others state, and challenges what is wrong, until it is stopped; needs no node")
  .option("--rpc-url <url>", "instead of the configured one")
  .option("--port <number>", "port on which it says that it is well", parsePort)
  .option("--log <level>", "debug, info, warn or error")
  .action(async (options: Overrides) => {
    await watch(folder(), options);
  });

program
  .command("relay")
  .description(
    "posts seals and reveals that nodes have signed, and brings signed orders, until it is stopped; needs no stake",
  )
  .option("--rpc-url <url>", "instead of the configured one")
  .option("--port <number>", "port on which nodes and requesters hand in", parsePort)
  .option("--log <level>", "debug, info, warn or error")
  .action(async (options: Overrides) => {
    await relay(folder(), options);
  });

program
  .command("disputes")
  .description("what this node, or this watcher, does in disputes, and why")
  .option("--json", "print JSON")
  .action((options: Printing) => {
    disputes(folder(), options);
  });

program
  .command("status")
  .description("what the daemon is doing, and what the chain says of the node or watcher")
  .option("--json", "print JSON")
  .action(async (options: Printing) => {
    await status(folder(), options);
  });

program
  .command("redeem")
  .description("redeems all that sessions owe the node; for a node that stops for long, whose daemon must not run")
  .option("--json", "print JSON")
  .action(async (options: Printing) => {
    await redeem(folder(), options);
  });

program
  .command("doctor")
  .description("checks everything that a node, or a watcher, needs, and says what to do about what is missing")
  .option("--json", "print JSON")
  .action(async (options: Printing) => {
    process.exitCode = await doctor(folder(), options);
  });

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? ExitCode.Success : ExitCode.Usage;
  } else {
    process.stderr.write(`opg-node: ${describe(error)}\n`);
    process.exit(exitCodeOf(error)); // what was opened before it failed would keep the process
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError("must be a number from 0 to 65535");
}

function describe(error: unknown): string {
  if (error instanceof AggregateError) return [error.message, ...error.errors.map(describe)].join("\n  ");
  return error instanceof Error ? error.message : String(error);
}
