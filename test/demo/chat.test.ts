import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

import { expect } from "chai";
import { parseEther, ZeroHash } from "ethers";

import { type ChatFigures, drawChat, drawChatMoves, named, printable } from "../../scripts/demo/chat/report.ts";
import { freePorts } from "../support/ports.ts";

const START = fileURLToPath(new URL("../../scripts/start.ts", import.meta.url));
/** A terminal's, without the frame. */
const COLUMNS = 80 - 6;
const MINUTES = 60_000;
/** Most that a demonstration listens to. */
const PORTS = 10;
const PROMPT = "In the beginning";
const LETTER = "x".charCodeAt(0);

/** What the demonstration prints for programs. Amounts are text there. */
type Printed = { readonly [Name in keyof ChatFigures]: ChatFigures[Name] extends bigint ? string : ChatFigures[Name] };

describe("npm start -- --chat", () => {
  it("has a text streamed and checked, and one wrong byte of another found and convicted", async function () {
    this.timeout(10 * MINUTES);
    const port = `${await freePorts(PORTS)}`;
    const child = spawn(process.execPath, [START, "--chat", PROMPT, "--json", "--port", port], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const exit = once(child, "exit") as Promise<[number | null]>;
    const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
    expect(code, errors.slice(-2_000)).to.equal(0);
    const printed = JSON.parse(output) as Printed;
    const { wrong, text: right, lie } = printed;
    expect(printed.prompt).to.equal(PROMPT);
    const at = wrong.position - PROMPT.length;
    expect(wrong.claimed).to.equal(LETTER);
    expect(printable([wrong.right])).to.equal(right[at]);
    expect(lie).to.equal(`${right.slice(0, at)}x${right.slice(at + 1)}`);
    const moves = printed.moves.map(({ move, payer }) => `${payer}: ${move}`);
    expect(moves).to.include.members([
      "Payer: show",
      "Payer: challenge",
      "Lying node: respond",
      "Payer: judge",
      "Payer: punishLie",
    ]);
    expect(printed.collateral).to.equal(`${parseEther("20")}`);
  });

  const figures: ChatFigures = {
    prompt: "And",
    text: "x".repeat(61),
    lie: "y".repeat(61),
    streamMilliseconds: 12_345,
    checkMilliseconds: 1_234,
    wrong: { position: 63, claimed: 0, right: 10 },
    moves: [
      { move: "show", payer: "Payer", gas: 1_234_567n, minedAt: 1_000, transactionHash: ZeroHash },
      { move: "punishLie", payer: "Lying node", gas: 1_234_567n, minedAt: 1_123, transactionHash: ZeroHash },
    ],
    gas: 2_469_134n,
    collateral: parseEther("1234.56789"),
    compensation: parseEther("0.01"),
    reward: parseEther("500"),
  };

  it("prints what it took in the width of a terminal", () => {
    const lines = stripVTControlCharacters(`${drawChat(figures)}\n${drawChatMoves(figures)}`).split("\n");
    expect(lines.filter((line) => line.length > COLUMNS)).to.deep.equal([]);
    expect(lines[0]).to.match(/^61 bytes, from the call to the receipt +12345 ms/);
    expect(lines.find((line) => line.includes("punishLie"))).to.match(/^ *123 s +punishLie +Lying node +1,234,567/);
  });

  it("shows bytes in ways that no terminal obeys", () => {
    expect(printable(Uint8Array.of(72, 27, 10, 255, 105))).to.equal("H···i");
    expect([named(0), named(120), named(7)]).to.deep.equal(["the end", '"x"', '"·"']);
  });
});
