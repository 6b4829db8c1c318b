import { strict as assert } from "node:assert";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { isError, ZeroAddress } from "ethers";

import { connect, type Connection, reach } from "../dist/chain/connect.js";
import { ConnectionLostError, Socket } from "../dist/chain/Socket.js";
import { DaemonProcess } from "./support/daemon.ts";
import { eventually, freePort, TestNetwork } from "./support/network.ts";
import { Wire } from "./support/Wire.ts";

/** Milliseconds. */
const PATIENCE = 500;
const LONG = 60_000;

describe("A provider over a websocket", { timeout: 180_000 }, () => {
  let network: TestNetwork;
  let wire: Wire;
  before(async () => {
    network = await TestNetwork.start();
  });
  after(() => network.stop());
  beforeEach(async () => {
    wire = await Wire.to(network.url);
  });
  afterEach(() => {
    wire.close();
  });

  const isLoss = (error: unknown): boolean => error instanceof ConnectionLostError && error.url === wire.url;
  const isTimeout = (error: unknown): boolean => isError(error, "TIMEOUT");
  /** Sends something that gets no answer; gives what becomes of it. */
  const unanswered = async (ask: () => Promise<unknown>): Promise<{ readonly outcome: Promise<unknown> }> => {
    wire.silence();
    const asked = wire.asked();
    const outcome = ask().then(
      () => assert.fail("there was an answer"),
      (error: unknown) => error,
    );
    await asked;
    return { outcome };
  };

  describe("Socket", () => {
    let socket: Socket;
    const open = async (patience: number): Promise<void> => {
      socket = new Socket(wire.url, { cacheTimeout: -1 }, patience);
      await socket._detectNetwork();
    };
    afterEach(() => socket.destroy());

    it("ends what waits for an answer when it is cut, and takes nothing more", async () => {
      await open(LONG);
      const { outcome } = await unanswered(() => socket.getBalance(ZeroAddress));
      wire.cut();
      assert.ok(isLoss(await outcome));
      assert.ok(isLoss(socket.lost.reason));
      await assert.rejects(socket.getBlockNumber(), isLoss);
      await assert.rejects(
        socket.hear(() => undefined),
        isLoss,
      );
    });

    for (const text of ["<html>502 Bad Gateway</html>", '{"method":"eth_subscription"}']) {
      it(`gives up a provider that says ${text}, and does not end the process`, async () => {
        await open(LONG);
        const { outcome } = await unanswered(() => socket.getBalance(ZeroAddress));
        wire.say(text);
        const error = await outcome;
        assert.ok(isLoss(error) && /cannot be read/.test(String(error)), String(error));
      });
    }

    it("ends what waits for an answer when it is destroyed, and what has not left yet", async () => {
      await open(LONG);
      const { outcome } = await unanswered(() => socket.getBalance(ZeroAddress));
      const unsent = assert.rejects(socket.getBalance(ZeroAddress), isLoss);
      await socket.destroy();
      assert.ok(isLoss(await outcome));
      await unsent;
    });

    it("gives up a request that is not answered in time, and the connection with it if that is silent", async () => {
      await open(PATIENCE);
      const { outcome } = await unanswered(() => socket.getBalance(ZeroAddress));
      const begunAt = performance.now();
      const error = await outcome;
      assert.ok(isLoss(error) && /silent/.test(String(error)), String(error));
      assert.ok(performance.now() - begunAt < 10 * PATIENCE);
      assert.equal(socket.lost.aborted, true);
    });

    it("gives up that request alone if others are answered meanwhile", async () => {
      await open(PATIENCE);
      wire.loses = (answer) => answer.includes("anvil/");
      const outcome = assert.rejects(socket.send("web3_clientVersion", []), isTimeout);
      await sleep(PATIENCE / 2);
      await socket.getBlockNumber();
      await outcome;
      assert.equal(socket.lost.aborted, false);
      assert.ok((await socket.getBlockNumber()) > 0);
    });

    it("gives up a provider that takes the connection and never says a word", async () => {
      wire.silence();
      await assert.rejects(open(PATIENCE), isLoss);
    });

    it("tells of each head, of a silence that may be its subscription's end, and of its own end", async () => {
      await open(PATIENCE);
      let rings = 0;
      await socket.hear(() => {
        rings += 1;
      });
      await network.tick();
      await eventually("it rings", () => Promise.resolve(rings === 1), 0.8 * (PATIENCE / 1_000));
      await eventually("it rings again", () => Promise.resolve(rings > 1));
      await socket.destroy();
      const atEnd = rings;
      await sleep(2 * PATIENCE);
      assert.equal(rings, atEnd);
    });

    it("says so when the subscription is not answered", async () => {
      await open(PATIENCE);
      const { outcome } = await unanswered(() => socket.hear(() => undefined));
      assert.ok(isLoss(await outcome));
    });
  });

  it("is refused with an error, not with the end of the process, where nobody listens", async () => {
    const url = `ws://127.0.0.1:${await freePort()}`;
    await assert.rejects(reach(url), { name: "ConnectionLostError", url, message: /ECONNREFUSED/ });
  });

  describe("connect", () => {
    let connection: Connection;
    const stop = new AbortController();
    const open = async (rpcUrl: string, witnessUrl?: string): Promise<void> => {
      const { addresses } = network.client;
      const chain = { rpcUrl, witnessUrl, confirmations: 1, pollingInterval: 50, logRange: 100 };
      connection = await connect({ addresses, chain, node: ZeroAddress });
    };
    afterEach(() => {
      connection.close();
    });

    it("ends the moves of the chain when it was cut before they began", async () => {
      await open(wire.url);
      wire.cut();
      await assert.rejects(connection.chain.head(), isLoss);
      await assert.rejects(connection.moves(stop.signal).next(), isLoss);
    });

    it("ends the moves of the chain when it is cut while it is asked", async () => {
      await open(wire.url);
      const moves = connection.moves(stop.signal);
      assert.equal((await moves.next()).done, false);
      const { outcome } = await unanswered(() => connection.chain.head());
      wire.cut();
      await outcome;
      await assert.rejects(moves.next(), isLoss);
    });

    it("asks a witness that was cut over another connection", async () => {
      await open(network.url, wire.url);
      const known = (await network.provider.getBlock(0))?.hash;
      assert.equal(await connection.witness?.blockHash(0), known);
      wire.cut();
      await eventually("it answers", async () => {
        const asked = connection.witness?.blockHash(0) ?? assert.fail();
        return asked.then(
          (hash) => hash === known,
          () => false, // what was asked before the loss was noticed
        );
      });
    });
  });

  it("is left and taken again by a daemon that it was lost to in the middle of a request", async () => {
    const node = await network.addNode(1);
    const daemon = new DaemonProcess(node);
    try {
      daemon.start("--rpc-url", wire.url);
      await daemon.ready();
      wire.silence();
      const asked = wire.asked();
      await network.tick();
      await asked;
      wire.cut();
      await eventually("it connects again", () => Promise.resolve(daemon.output.includes("connects again")), 20);
      await eventually("it goes on", () => Promise.resolve(daemon.output.split('"ready"').length > 2));
      await daemon.ready();
      assert.equal(await daemon.stop(), 0, daemon.output.slice(-2_000));
    } finally {
      await daemon.kill();
    }
  });
});
