import { expect } from "chai";
import { Interface, Wallet, ZeroAddress, ZeroHash, AbiCoder, type Filter } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";

import { eventsOf } from "../../scripts/suite/logs.ts";
import { SuiteError } from "../../scripts/suite/outcome.ts";
import { probeSeeds, runsOsaka } from "../../scripts/suite/probes.ts";
import { refusePublicAccount } from "../../scripts/suite/publicAccounts.ts";
import { chainOf, suiteOn } from "./stage.ts";

const suite = suiteOn("base-sepolia");

/** A chain whose node answers otherwise than it should. */
const lying = (connection: NetworkConnection, answers: object): NetworkConnection =>
  ({ ...connection, ethers: { ...connection.ethers, provider: answers } }) as unknown as NetworkConnection;

describe("Probes of a chain", () => {
  it("see the hash of the block before, as its node tells it [T049]", async () => {
    const connection = await chainOf(suite);
    await connection.provider.request({ method: "hardhat_mine", params: ["0x5"] });
    const { number, hash, expected } = await probeSeeds(connection);
    expect(number).to.be.within(5n, 6n);
    expect(hash).to.equal(expected).and.not.equal(ZeroHash);
  });

  it("see that contracts and node mean different blocks, as on Arbitrum [T049]", async () => {
    const seen = AbiCoder.defaultAbiCoder().encode(["uint256", "bytes32"], [9_000n, `0x${"12".repeat(32)}`]);
    const connection = lying(await chainOf(suite), {
      call: () => Promise.resolve(seen),
      getBlock: () => Promise.resolve({ hash: `0x${"34".repeat(32)}` }),
    });
    const { hash, expected } = await probeSeeds(connection);
    expect([hash, expected]).to.deep.equal([`0x${"12".repeat(32)}`, `0x${"34".repeat(32)}`]);
  });

  it("see whether the chain runs what the compiler makes", async () => {
    const connection = await chainOf(suite);
    expect(await runsOsaka(connection)).to.equal(true);
    const refuses = { call: () => Promise.reject(new Error("invalid opcode")) };
    expect(await runsOsaka(lying(connection, refuses))).to.equal(false);
  });
});

describe("Events of a node that answers for few blocks at a time", () => {
  const abi = new Interface(["event Seen(uint256 block)"]);
  const most = 300;
  const asked: number[] = [];
  const getLogs = ({ fromBlock, toBlock }: Filter) => {
    const [from, to] = [Number(fromBlock), Number(toBlock)];
    asked.push(to - from + 1);
    if (to - from + 1 > most) return Promise.reject(new Error("query exceeds max block range"));
    const { data, topics } = abi.encodeEventLog("Seen", [from]);
    return Promise.resolve([{ data, topics }]);
  };

  it("are all found, once each and in order", async () => {
    const connection = lying(await chainOf(suite), { getLogs });
    const events = await eventsOf(connection, { address: ZeroAddress, abi }, 10, 2_009);
    const blocks = events.map(({ args }) => Number(args[0]));
    expect(blocks).to.deep.equal([...blocks].sort((a, b) => a - b));
    expect(asked.filter((blocksAsked) => blocksAsked <= most).reduce((sum, count) => sum + count, 0)).to.equal(2_000);
  });

  it("are not called none where the node always refuses", async () => {
    const connection = lying(await chainOf(suite), { getLogs: () => Promise.reject(new Error("no")) });
    const refused = await eventsOf(connection, { address: ZeroAddress, abi }, 0, 5).then(() => "none", String);
    expect(refused).to.equal("Error: no");
  });
});

describe("An account whose key everybody has", () => {
  const everybodys = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

  it("is refused on a public network, and taken on a development chain [T156]", () => {
    expect(() => {
      refusePublicAccount(suite, everybodys);
    }).to.throw(SuiteError, `${everybodys} is an account of every development chain`);
    expect(() => {
      refusePublicAccount(suiteOn("localhost"), everybodys);
    }).to.not.throw();
    expect(() => {
      refusePublicAccount(suite, Wallet.createRandom().address);
    }).to.not.throw();
  });
});
