import { mock } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import { id, parseEther, type Provider, type Signer, type TransactionRequest } from "ethers";

import {
  type Client,
  draftSession,
  findOffers,
  getGrant,
  getSessionBalance,
  getSessionRecord,
  grantKey,
  offerPrice,
  openSessionWithAuthorization,
  ProtocolError,
  type SessionParameters,
  sessionIdOf,
  SessionState,
  signSessionConsent,
  signSessionOpening,
  TransactionRevertedError,
  unpackSessionRules,
} from "../../packages/sdk/src/index.ts";
import {
  GrantEndsError,
  NoNodeError,
  openSession,
  type OpenSessionParameters,
  SessionPool,
  type SessionPoolParameters,
  SessionUnsureError,
} from "../../packages/sdk/src/session/index.ts";
import { clientOf } from "../support/clients.ts";
import { LOCK_PERIOD, MAX_LOCK } from "../support/fixtures.ts";
import { ethers, loadFixture, mine, time } from "../support/network.ts";
import { SessionDoor } from "../support/sessionDoor.ts";
import { CALL_PRICE, COLLATERAL, CONSENT_PERIOD, conversing, DEPOSIT } from "../support/sessions.ts";

const INPUTS = [{ name: "x", dtype: 2, shape: [2], data: Uint8Array.of(1, 2) }];
const SIGNATURE = { inputs: [{ name: "x", dtype: 2, shape: [0] }], outputs: [{ name: "x" }] };
/** Milliseconds. */
const SHORT = 300;
/** Seconds before the end of a session in which calls may be refused: a tenth of the longest one. */
const MARGIN = 360;
const TOO_SHORT = `its lock runs out, and leaves a session less than the ${MARGIN} s before its end in which calls may be refused`;

/** A payer goes by the clock of its machine, with which the chain goes here. */
async function today() {
  const suite = await conversing();
  const { sessions, first, second, version } = suite;
  const now = Math.floor(Date.now() / 1_000);
  await time.increaseTo(now);
  for (const { signer, node } of [first, second]) {
    await sessions.connect(signer).serve(node, version, MAX_LOCK, BigInt(now) + LOCK_PERIOD);
  }
  return suite;
}

describe("The SDK that opens sessions", () => {
  let door: SessionDoor;
  let other: SessionDoor;
  afterEach(() => {
    mock.timers.reset();
    door.close();
    other.close();
  });

  async function given() {
    const suite = await loadFixture(today);
    const payer = await clientOf(suite, suite.requester);
    door = await new SessionDoor(payer, suite.first, suite.version).listen();
    other = await new SessionDoor(payer, suite.second, suite.version).listen();
    const open = (client: Client, changes: Partial<OpenSessionParameters> = {}) =>
      openSession(client, {
        versionId: suite.version,
        url: door.url,
        deposit: DEPOSIT,
        collateral: COLLATERAL,
        signature: SIGNATURE,
        ...changes,
      });
    const pool = (client: Client, changes: Partial<SessionPoolParameters> = {}) =>
      new SessionPool(client, {
        versionId: suite.version,
        urls: [door.url],
        deposit: DEPOSIT,
        collateral: COLLATERAL,
        signature: SIGNATURE,
        freshPeriod: 0,
        retries: 0,
        restPeriod: 0,
        ...changes,
      });
    const opened = async () => (await suite.sessions.queryFilter(suite.sessions.filters.SessionOpened())).length;
    return { ...suite, payer, open, pool, opened };
  }

  /** What is to happen within a period does, however slow the machine is. */
  const stopClock = () => {
    mock.timers.enable({ apis: ["Date"], now: Date.now() });
  };

  const stateOf = async (client: Client, { session }: SessionParameters) =>
    (await getSessionRecord(client, { sessionId: sessionIdOf(client, session) })).state;

  /** The line of a payer is cut when it sends: before anything goes out, or before anybody says what has become of it. */
  function cut({ signer, ...client }: Client, when: "before" | "after"): Client {
    if (signer === undefined) throw new Error("The client can only read");
    const lost = new Error("the line is cut");
    const sendTransaction = async (request: TransactionRequest) => {
      if (when === "after") await signer.sendTransaction(request);
      throw lost;
    };
    const estimateGas = signer.estimateGas.bind(signer);
    const getAddress = signer.getAddress.bind(signer);
    return { ...client, signer: { estimateGas, getAddress, sendTransaction } as unknown as Signer };
  }

  /** Its transactions fail in a block in which they would succeed as calls: nobody says why. */
  function failing({ signer, ...client }: Client, blockNumber: number): Client {
    if (signer === undefined) throw new Error("The client can only read");
    const sendTransaction = () =>
      Promise.resolve({ hash: id("failed"), wait: () => Promise.resolve({ status: 0, blockNumber }) });
    const estimateGas = () => Promise.resolve(1_000_000n);
    const getAddress = signer.getAddress.bind(signer);
    return { ...client, signer: { estimateGas, getAddress, sendTransaction } as unknown as Signer };
  }

  /** Transactions wait while something is done. */
  async function unmined<T>(work: () => Promise<T>): Promise<T> {
    await ethers.provider.send("evm_setAutomine", [false]);
    try {
      return await work();
    } finally {
      await ethers.provider.send("evm_setAutomine", [true]);
    }
  }

  const unsure = async (opening: Promise<unknown>): Promise<SessionUnsureError> => {
    const error: unknown = await opening.catch((thrown: unknown) => thrown);
    if (error instanceof SessionUnsureError) return error;
    throw new Error(`expected a SessionUnsureError, not ${String(error)}`);
  };

  const expectRefusal = async (opening: Promise<unknown>, reason: string) => {
    expect(await opening.catch((error: unknown) => error)).to.include({ name: "NoConsentError", reason });
  };

  describe("in the name of the client's account", () => {
    it("adds to the balance what is missing, and calls", async () => {
      const { payer, open, requester, token, deployer } = await given();
      await token.connect(deployer).transfer(requester, DEPOSIT);
      const { balance } = await getSessionBalance(payer, { account: requester.address });
      const session = await open(payer, { deposit: balance + DEPOSIT });
      expect(await getSessionBalance(payer, { account: requester.address })).to.include({ balance: 0n });
      const { receipt } = await session.infer({ inputs: INPUTS });
      expect([receipt.sessionId, await session.spent()]).to.deep.equal([session.id, CALL_PRICE]);
    });
  });

  describe("with one node and no other", () => {
    it("is refused by who else is behind the door", async () => {
      const { payer, open, first, token, requester, deployer, opened } = await given();
      await token.connect(deployer).transfer(requester, DEPOSIT);
      const before = await opened();
      const other = ethers.Wallet.createRandom().address;
      await expectRefusal(open(payer, { node: other }), `the session was to be with ${other}`);
      expect(await opened()).to.equal(before);
      expect((await open(payer, { node: first.node })).id).to.match(/^0x/);
    });
  });

  describe("with a node whose lock ends before the rules end a session", () => {
    const late = async (left: number) => {
      const suite = await given();
      const { sessions, first, version } = suite;
      const { horizonPeriod } = unpackSessionRules((await sessions.governed()).rules);
      const { endsAt } = await sessions.servingOf(first.node, version);
      const latest = Number(endsAt - horizonPeriod);
      await time.increaseTo(latest - left);
      return { ...suite, latest };
    };

    it("ends the session when the lock lets it", async () => {
      const { payer, open, pool, latest } = await late(500);
      expect((await open(payer)).fields.endsAt).to.equal(latest);
      await expectRefusal(open(payer, { endsAt: latest + 1 }), `The session must end by ${latest} (unix seconds).`);
      const calling = pool(payer);
      await calling.infer({ inputs: INPUTS });
      expect((await calling.sessions()).map(({ fields }) => fields.endsAt)).to.deep.equal([latest]);
    });

    it("opens none that would have ended before the node serves calls in it", async () => {
      const { payer, open, opened, latest } = await late(MARGIN);
      await expectRefusal(open(payer), TOO_SHORT);
      await expectRefusal(open(payer, { endsAt: latest }), TOO_SHORT);
      expect(await opened()).to.equal(0);
    });

    it("opens one that lasts a second longer", async () => {
      const { payer, open, latest } = await late(MARGIN + 1);
      expect((await open(payer)).fields.endsAt).to.equal(latest);
    });

    it("opens none where no time is left", async () => {
      const { payer, open } = await late(-500);
      await expectRefusal(open(payer), TOO_SHORT);
    });

    it("has a pool call the next node, and open nothing with this one", async () => {
      const { payer, pool, opened, sessions, second, version, latest } = await late(MARGIN);
      await sessions.connect(second.signer).serve(second.node, version, MAX_LOCK, BigInt(latest) + LOCK_PERIOD);
      const calling = pool(payer, { urls: [door.url, other.url] });
      await calling.infer({ inputs: INPUTS });
      expect((await calling.sessions()).map(({ fields }) => fields.node)).to.deep.equal([second.node]);
      expect(await opened()).to.equal(1);
    });
  });

  describe("in the name of another payer", () => {
    it("stays within the grant of the key, takes the payer's balance, and shows that the version is on the list", async () => {
      const suite = await given();
      const { payer, open, requester, delegator, version } = suite;
      const key = await clientOf(suite, delegator);
      const tree = StandardMerkleTree.of([[version], [id("another")]], ["bytes32"]);
      const expiresAt = (await time.latest()) + 500; // sooner than the rules let a session end
      await grantKey(payer, { key: delegator.address, limit: 2n * DEPOSIT, expiresAt, versionsRoot: tree.root });
      const before = await getSessionBalance(payer, { account: requester.address });

      const versionProof = tree.getProof([version]);
      const session = await open(key, { payer: requester.address, versionProof });
      expect(session.fields).to.include({ payer: requester.address, key: delegator.address, endsAt: expiresAt });
      const after = await getSessionBalance(payer, { account: requester.address });
      expect(before.balance - after.balance).to.equal(DEPOSIT);
      const grant = await getGrant(payer, { payer: requester.address, key: delegator.address });
      expect(grant.limit).to.equal(DEPOSIT);
      expect((await session.infer({ inputs: INPUTS })).receipt.sessionId).to.equal(session.id);

      const refused = await open(key, { payer: requester.address }).catch((error: unknown) => error);
      expect((refused as ProtocolError).decoded.name).to.equal("SessionsVersionNotGranted");
    });

    it("opens none that would have ended, with the grant, before the node serves calls in it", async () => {
      const suite = await given();
      const { payer, open, opened, requester, delegator } = suite;
      const key = await clientOf(suite, delegator);
      const names = { payer: requester.address, key: delegator.address, margin: MARGIN };
      const refusal = () => open(key, { payer: requester.address }).catch((error: unknown) => error);
      expect(await refusal())
        .to.be.instanceOf(GrantEndsError)
        .and.to.include({ ...names, expiresAt: 0 });
      const expiresAt = (await time.latest()) + MARGIN;
      await grantKey(payer, { key: delegator.address, limit: DEPOSIT, expiresAt });
      expect(await refusal())
        .to.be.instanceOf(GrantEndsError)
        .and.to.include({ ...names, expiresAt });
      expect([door.asked, await opened()]).to.deep.equal([0, 0]);
    });

    it("brings what a payer has signed, for the fee", async () => {
      const suite = await given();
      const { payer, requester, stranger, first, version, token, deployer } = suite;
      await token.connect(deployer).transfer(requester, DEPOSIT);
      const relayer = await clientOf(suite, stranger);
      const { node } = first;
      const session = await draftSession(payer, {
        versionId: version,
        node,
        callPrice: CALL_PRICE,
        collateral: COLLATERAL,
      });
      const relayFee = parseEther("1");
      const value = DEPOSIT; // the fee comes out of the balance
      const signed = await signSessionOpening(payer, { session, deposit: DEPOSIT, relayFee, value });
      const sessionId = sessionIdOf(payer, signed.session);
      const consent = await signSessionConsent(payer, first.signer, sessionId, (await time.latest()) + CONSENT_PERIOD);
      const swapped = openSessionWithAuthorization(relayer, { ...signed, relayFee: 2n * relayFee, consent });
      expect(await swapped.catch((error: unknown) => (error as ProtocolError).decoded.name)).to.equal(
        "ERC3009InvalidSignature",
      );
      const opened = await openSessionWithAuthorization(relayer, { ...signed, consent });
      expect([opened.sessionId, opened.fields]).to.deep.equal([sessionId, session]);
      expect(await getSessionBalance(relayer, { account: stranger.address })).to.include({ balance: relayFee });
      expect((await getSessionRecord(payer, { sessionId })).funded).to.equal(DEPOSIT);
    });
  });

  describe("where nobody says what has become of the transaction", () => {
    it("finds the session that it has opened", async () => {
      const { payer, open, opened } = await given();
      const session = await open(cut(payer, "after"), { key: payer.signer as Signer });
      expect(await stateOf(payer, { session: session.packed })).to.equal(SessionState.Open);
      expect(await opened()).to.equal(1);
    });

    it("gives what is needed to find it later, and opens no other", async () => {
      const { payer, open, opened } = await given();
      const key = payer.signer as Signer;
      const { opening, sessionId } = await unmined(() => unsure(open(cut(payer, "after"), { key })));
      await mine(1);
      const session = await open(payer, { opening });
      expect([session.id, await opened()]).to.deep.equal([sessionId, 1]);
    });

    it("sends it once more where it has not arrived, until the node's consent is over", async () => {
      const { payer, open, opened } = await given();
      const key = payer.signer as Signer;
      const { opening } = await unsure(open(cut(payer, "before"), { key }));
      expect(await opened()).to.equal(0);
      const other = await unsure(open(cut(payer, "before"), { key }));
      expect(other.sessionId).not.to.equal(sessionIdOf(payer, opening.session));
      const session = await open(payer, { opening });
      expect([session.packed, await opened()]).to.deep.equal([opening.session, 1]);
      await time.increase(2 * CONSENT_PERIOD);
      const refused = await open(payer, { opening: other.opening }).catch((error: unknown) => error);
      expect((refused as ProtocolError).decoded.name).to.equal("SessionsNoConsent");
    });

    it("stays unsure of what may yet be mined, whatever a second try is told", async () => {
      const { payer, open, requester, stranger, sessions } = await given();
      const key = payer.signer as Signer;
      const { opening, sessionId } = await unsure(open(cut(payer, "before"), { key }));
      const { balance } = await getSessionBalance(payer, { account: requester.address });
      await sessions.connect(requester).withdraw(stranger, balance);
      const again = await unsure(open(payer, { opening }));
      expect([again.opening, again.sessionId]).to.deep.equal([opening, sessionId]);
      expect((again.cause as ProtocolError).decoded.name).to.equal("ERC20InsufficientBalance");
    });

    it("stays unsure where the chain does not say whether it can still be mined", async () => {
      const { payer, open, requester, stranger, sessions } = await given();
      const key = payer.signer as Signer;
      const { opening } = await unsure(open(cut(payer, "before"), { key }));
      const { balance } = await getSessionBalance(payer, { account: requester.address });
      await sessions.connect(requester).withdraw(stranger, balance);
      const provider = Object.create(payer.provider, { getBlock: { value: () => Promise.resolve(null) } }) as Provider;
      const again = await unsure(open({ ...payer, provider }, { opening }));
      expect(again.opening).to.deep.equal(opening);
    });

    it("is forgotten by a pool once it cannot be opened any more, even where nobody says why", async () => {
      const { payer, pool, opened } = await given();
      const line = { ...payer };
      const calling = pool(line, { key: payer.signer as Signer });
      const reasonOf = async () => {
        const lost: unknown = await calling.infer({ inputs: INPUTS }).catch((error: unknown) => error);
        return [...(lost as NoNodeError).reasons.values()][0];
      };
      Object.assign(line, cut(payer, "before"));
      expect(await reasonOf()).to.be.instanceOf(SessionUnsureError);
      const blockNumber = await payer.provider.getBlockNumber();
      await time.increase(2 * CONSENT_PERIOD);
      Object.assign(line, failing(payer, blockNumber));
      expect(await reasonOf()).to.be.instanceOf(TransactionRevertedError);
      expect(await calling.sessions()).to.deep.equal([]);
      Object.assign(line, payer);
      await calling.infer({ inputs: INPUTS });
      expect(await opened()).to.equal(1);
    });

    it("is the same session for a pool, which names it before it knows", async () => {
      const { payer, pool, opened } = await given();
      const line = { ...payer };
      const calling = pool(line, { key: payer.signer as Signer });
      Object.assign(line, cut(payer, "after"));
      const lost: unknown = await unmined(() => calling.infer({ inputs: INPUTS }).catch((error: unknown) => error));
      const [reason] = [...(lost as NoNodeError).reasons.values()];
      expect(reason).to.be.instanceOf(SessionUnsureError);
      const { sessionId } = reason as SessionUnsureError;
      expect((await calling.sessions()).map((session) => session.id)).to.deep.equal([sessionId]);
      await mine(1);
      Object.assign(line, payer);
      const { receipt } = await calling.infer({ inputs: INPUTS });
      expect([receipt.sessionId, await opened()]).to.deep.equal([sessionId, 1]);
      expect((await calling.sessions()).map((session) => session.id)).to.deep.equal([sessionId]);
    });
  });

  describe("for a pool", () => {
    it("opens another one, after a while, where somebody has ended the last before its time", async () => {
      const { payer, pool, opened, sessions, first } = await given();
      const calling = pool(payer, { reopenPeriod: SHORT / 1_000 });
      await calling.infer({ inputs: INPUTS });
      const [session] = await calling.sessions();
      if (session === undefined) throw new Error("There is no session");
      await sessions.connect(first.signer).close(session.packed);
      stopClock();
      for (let call = 0; call < 2; call += 1) {
        const lost: unknown = await calling.infer({ inputs: INPUTS }).catch((error: unknown) => error);
        const [reason] = [...(lost as NoNodeError).reasons.values()];
        expect(reason).to.include({ name: "SessionEndedError", reason: "it is not open any more" });
      }
      expect(await opened()).to.equal(1);
      mock.timers.tick(SHORT);
      const { receipt } = await calling.infer({ inputs: INPUTS });
      const ids = (await calling.sessions()).map((one) => one.id);
      expect([ids, await opened()]).to.deep.equal([[session.id, receipt.sessionId], 2]);
    });

    it("opens another one, after a while, where the second of one call has ended before its time, too", async () => {
      const suite = await given();
      const { payer, pool, opened, requester, delegator } = suite;
      const expiresAt = (await time.latest()) + MARGIN + 100;
      await grantKey(payer, { key: delegator.address, limit: 3n * DEPOSIT, expiresAt });
      const key = await clientOf(suite, delegator);
      const calling = pool(key, { payer: requester.address, reopenPeriod: SHORT / 1_000 });
      // So near the end, by the payer's clock, that the node may refuse calls.
      mock.timers.enable({ apis: ["Date"], now: (expiresAt - MARGIN) * 1_000 });
      door.statuses.push(402, 409); // its time is over; in the next one it has lost its place
      const lost: unknown = await calling.infer({ inputs: INPUTS }).catch((error: unknown) => error);
      const [reason] = [...(lost as NoNodeError).reasons.values()];
      expect(reason).to.include({ name: "SessionEndedError", isOver: false });
      expect(await opened()).to.equal(2);
      mock.timers.tick(SHORT);
      await calling.infer({ inputs: INPUTS });
      expect([(await calling.sessions()).length, await opened()]).to.deep.equal([3, 3]);
    });

    it("opens one after the other, so that each has its deposit", async () => {
      const { payer, pool, opened, requester, stranger, token, deployer, sessions } = await given();
      const { balance } = await getSessionBalance(payer, { account: requester.address });
      await sessions.connect(requester).withdraw(stranger, balance - DEPOSIT);
      await token.connect(deployer).transfer(requester, DEPOSIT);
      const calling = pool(payer, { urls: [door.url, other.url] });
      door.refusal = "full";
      const asked = Promise.withResolvers<undefined>();
      const held = Promise.withResolvers<undefined>();
      other.hold = async () => {
        asked.resolve(undefined);
        await held.promise;
      };
      const first = calling.infer({ inputs: INPUTS });
      await asked.promise;
      door.refusal = undefined; // and is asked first by the next call, while the other one is being opened
      door.hold = () => {
        held.resolve(undefined);
        return Promise.resolve();
      };
      const second = calling.infer({ inputs: INPUTS });
      await sleep(SHORT);
      held.resolve(undefined);
      const ids = (await Promise.all([first, second])).map(({ receipt }) => receipt.sessionId);
      expect([new Set(ids).size, await opened()]).to.deep.equal([2, 2]);
      expect(await getSessionBalance(payer, { account: requester.address })).to.include({ balance: 0n });
    });

    it("asks a node again that did not want one, after a rest", async () => {
      const { payer, pool } = await given();
      const calling = pool(payer, { restPeriod: SHORT / 1_000 });
      stopClock();
      door.refusal = "full";
      const refused = async () => (await calling.infer({ inputs: INPUTS }).catch((error: unknown) => error)) as object;
      expect(await refused()).to.be.instanceOf(NoNodeError);
      door.refusal = undefined;
      expect([await refused(), door.asked][1]).to.equal(1);
      mock.timers.tick(SHORT);
      await calling.infer({ inputs: INPUTS });
      expect(door.asked).to.equal(2);
    });
  });
});

describe("The SDK that finds offers", () => {
  const endpoint = "https://node.example";
  const given = async () => {
    const suite = await loadFixture(conversing);
    const client = await clientOf(suite, suite.requester);
    for (const [operator, callPrice] of [
      [suite.first, 2n * CALL_PRICE],
      [suite.second, CALL_PRICE],
    ] as const) {
      const { node, signer } = operator;
      const offer = { node, versionId: suite.version, callPrice, collateral: 3n * COLLATERAL, endpoint };
      await offerPrice(await clientOf(suite, signer), offer);
    }
    const found = async () => (await findOffers(client, { versionId: suite.version })).map(({ node }) => node);
    return { ...suite, found };
  };

  it("names those that can take a session now, the cheapest first", async () => {
    const { found, first, second } = await given();
    expect(await found()).to.deep.equal([second.node, first.node]);
  });

  it("leaves out a node for which nobody can consent", async () => {
    const { found, first, second, staking } = await given();
    await staking.connect(second.owner).revokeSigner(second.node);
    expect(await found()).to.deep.equal([first.node]);
  });

  it("leaves out a node whose lock has ended, or would before a session does", async () => {
    const { found, first, second, sessions, version } = await given();
    const { horizonPeriod } = unpackSessionRules((await sessions.governed()).rules);
    const now = await time.latest();
    await sessions.connect(first.signer).serve(first.node, version, MAX_LOCK, BigInt(now) + LOCK_PERIOD + 86_400n);
    const { endsAt } = await sessions.servingOf(second.node, version);
    await time.increaseTo(endsAt - horizonPeriod - 1n);
    expect(await found()).to.deep.equal([second.node, first.node]);
    await time.increaseTo(endsAt - horizonPeriod);
    expect(await found()).to.deep.equal([first.node]);
  });
});
