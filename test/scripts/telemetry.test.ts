import { spawnSync } from "node:child_process";

import { expect } from "chai";

/** Hardhat tells its makers what is run where it sees a terminal, which this makes every process believe that it has. */
const TERMINAL = "--import=data:text/javascript,process.stdout.isTTY=true";

describe("Telemetry", () => {
  it("is off on a terminal, too, with nothing set by whoever runs it", () => {
    // Nothing else is handed on: what tells of a CI, or turns telemetry off, would hide that the configuration does not.
    const { PATH, HOME } = process.env;
    const { stderr } = spawnSync("hardhat", ["--no-typechain", "keystore", "path"], {
      env: { PATH, HOME, NODE_OPTIONS: TERMINAL, DEBUG: "hardhat:core:cli:telemetry*" },
      encoding: "utf8",
      timeout: 60_000,
    });
    expect(stderr).to.match(/Telemetry is allowed in the current environment: false/);
    expect(stderr).not.to.match(/: true|Sending analytics/);
  });
});
