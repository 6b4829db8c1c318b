import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

import { expect } from "chai";
import { parseEther } from "ethers";

import { drawSession, type SessionFigures } from "../../scripts/demo/session/report.ts";
import { freePorts } from "../support/ports.ts";

const START = fileURLToPath(new URL("../../scripts/start.ts", import.meta.url));
/** A terminal's, without the frame. */
const COLUMNS = 80 - 6;
const MINUTES = 60_000;
/** Most that a demonstration listens to. */
const PORTS = 10;

/** What the demonstration prints for programs. Amounts are text there. */
type Printed = { readonly [Name in keyof SessionFigures]: SessionFigures[Name] extends bigint ? string : number };

describe("npm start -- --session", () => {
  it("has a thousand calls settled by one transaction, and one lie among others found, proven and slashed", async function () {
    this.timeout(10 * MINUTES);
    const child = spawn(process.execPath, [START, "--session", "--json", "--port", `${await freePorts(PORTS)}`], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const exit = once(child, "exit") as Promise<[number | null]>;
    const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
    expect(code, errors.slice(-2_000)).to.equal(0);
    const printed = JSON.parse(output) as Printed;
    expect(printed).to.deep.include({
      calls: 1_000,
      lieAt: 17,
      // Of 10 OPG for the calls: 2.5 % are the treasury's, and the model's owner asks the most that the rules let it have.
      pay: `${parseEther("6.75")}`,
      fee: `${parseEther("0.25")}`,
      royalty: `${parseEther("3")}`,
      collateral: `${parseEther("20")}`,
      refund: `${parseEther("1")}`,
      compensation: `${parseEther("0.01")}`,
      reward: `${parseEther("9.995")}`,
    });
    const { openGas, redeemGas } = printed;
    expect((BigInt(openGas) + BigInt(redeemGas)) / 1_000n).to.be.lessThanOrEqual(200n);
  });

  it("prints what it cost in the width of a terminal", () => {
    const figures: SessionFigures = {
      calls: 1_000,
      milliseconds: 123_456,
      openGas: 1_234_567n,
      redeemGas: 1_234_567n,
      pay: parseEther("1234.56789"),
      fee: parseEther("1234.56789"),
      royalty: parseEther("1234.56789"),
      lieAt: 1_000,
      collateral: parseEther("1234.56789"),
      refund: parseEther("1234.56789"),
      compensation: parseEther("0.01"),
      reward: parseEther("500"),
    };
    const lines = stripVTControlCharacters(drawSession(figures)).split("\n");
    expect(lines.filter((line) => line.length > COLUMNS)).to.deep.equal([]);
    expect(lines[0]).to.match(/^1,000 calls, one after the other +123\.5 s, 123\.5 ms each/);
  });
});
