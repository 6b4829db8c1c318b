#!/usr/bin/env node
import process from "node:process";

// Checked here, in words that every Node understands, because the rest needs newer ones.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(`opg needs Node 22.12 or newer, this is ${process.versions.node}.\n`);
  process.exitCode = 2;
} else {
  await import("../dist/main.js");
}
