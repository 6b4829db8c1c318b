import { spawnSync } from "node:child_process";

import { expect } from "chai";

/** Hardhat tells its makers what is run where it sees a terminal: `script` of util-linux gives it one. */
const TERMINAL = "script";
const COMMAND = "hardhat --no-typechain keystore path";

describe("Telemetry", () => {
  it("is off on a terminal, too, with nothing set by whoever runs it", function () {
    if (spawnSync(TERMINAL, ["--version"]).status !== 0) this.skip();
    const env: NodeJS.ProcessEnv = { ...process.env, DEBUG: "hardhat:core:cli:telemetry*" };
    delete env.CI;
    delete env.HARDHAT_DISABLE_TELEMETRY;
    const { stdout } = spawnSync(TERMINAL, ["-qec", COMMAND, "/dev/null"], {
      env,
      encoding: "utf8",
      timeout: 60_000,
    });
    expect(stdout).to.match(/Telemetry is allowed in the current environment: false/);
    expect(stdout).not.to.match(/: true|Sending analytics/);
  });
});
