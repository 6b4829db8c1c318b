#!/usr/bin/env node
import process from "node:process";

// Checked here, in words that every Node understands, because the rest needs node:sqlite and the permission model.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`opg-node needs Node 22.19 or newer, this is ${process.versions.node}.\n`);
  process.exitCode = 78;
} else {
  await import("../dist/cli/main.js");
}
