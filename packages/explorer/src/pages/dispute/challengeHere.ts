/** A challenge with as few questions to the wallet as there can be. */
import {
  batchDisputes,
  type Call,
  challengeSeal,
  type Client,
  depositBondWithPermit,
  eventIn,
  getBond,
  getBondBalance,
  type Mined,
  openWithRun,
  ProtocolError,
  sealChallenge,
  SignerMissingError,
  signPermit,
  type Statement,
  statementIdOf,
  type TracedRun,
  traceRootOf,
} from "@opg-protocol/sdk";
import { hexlify, randomBytes } from "ethers";

/** Percent of a bond that a deposit brings: the next block's bond can be an eighth more. */
const BOND_MARGIN = 125n;
/** Milliseconds between looks for the block after the seal, and looks until something else must be wrong. */
const PAUSE = 1_000;
const MOST_LOOKS = 180;

/** What is challenged, and with what. */
export interface Challenging {
  readonly statement: Statement;
  readonly run: TracedRun;
  /** Whether to open the game a block after a seal, which whoever copies it ranks behind. */
  readonly isSealed: boolean;
}

/** A seal that waits for its challenge: its salt is on this page alone. */
const salts = new Map<string, string>();

/** What a challenge costs, and what of it has to be deposited first. OPG, base units. */
export interface BondNeeded {
  readonly bond: bigint;
  readonly deposit: bigint;
}

/** What an account has to lay down for a challenge in the present block. */
export async function bondNeeded(client: Client, account: string): Promise<BondNeeded> {
  const [bond, balance] = await Promise.all([getBond(client), getBondBalance(client, { account })]);
  return { bond, deposit: balance < bond ? (bond * BOND_MARGIN) / 100n - balance : 0n };
}

/**
 * Challenges a statement: a signature for what the bond lacks, then one transaction that deposits and seals and one that opens the
 * game; without a seal one transaction for all.
 * @throws ProtocolError as `openWithRun`.
 */
export async function challengeHere(client: Client, { statement, run, isSealed }: Challenging): Promise<Mined> {
  const { account } = client;
  if (account === undefined) throw new SignerMissingError();
  const opening = { statement, run };
  const deposits = await depositCalls(client, account);
  if (!isSealed) {
    if (deposits.length === 0) return openWithRun(client, opening);
    return batchDisputes(client, { calls: [...deposits, openWithRun.call(client.addresses, opening)] });
  }
  const key = `${account} ${statementIdOf(client, statement)}`;
  const salt = await sealed(client, account, { statement, run }, deposits, key);
  const mined = await opened(client, { ...opening, salt });
  salts.delete(key);
  return mined;
}

/** The game that a transaction has opened. */
export const gameOpened = (mined: Mined): string => eventIn(mined, "Challenged").args.gameId;

async function depositCalls(client: Client, account: string): Promise<readonly Call[]> {
  const { addresses } = client;
  const { deposit } = await bondNeeded(client, account);
  if (deposit === 0n) return [];
  const permit = await signPermit(client, { spender: addresses.disputes, amount: deposit });
  return [depositBondWithPermit.call(addresses, { ...permit, account })];
}

/** Seals in one transaction with the deposit; a seal that was not used yet is taken again. */
async function sealed(
  client: Client,
  challenger: string,
  { statement, run }: Pick<Challenging, "statement" | "run">,
  deposits: readonly Call[],
  key: string,
): Promise<string> {
  const { addresses, chainId } = client;
  const statementId = statementIdOf(client, statement);
  const kept = salts.get(key);
  const salt = kept ?? hexlify(randomBytes(32));
  const place = { chainId, disputes: addresses.disputes };
  const commitment = challengeSeal(place, { challenger, statementId, shown: traceRootOf(run), salt });
  const seals = kept === undefined ? [sealChallenge.call(addresses, { commitment })] : [];
  const calls = [...deposits, ...seals];
  if (calls.length > 0) await batchDisputes(client, { calls });
  salts.set(key, salt);
  return salt;
}

async function opened(client: Client, opening: Parameters<typeof openWithRun>[1]): Promise<Mined> {
  for (let looks = 1; ; looks += 1) {
    try {
      return await openWithRun(client, opening);
    } catch (error) {
      // The chain is still at the block of the seal.
      const isEarly = error instanceof ProtocolError && error.decoded.name === "DisputeNotSealed";
      if (!isEarly || looks === MOST_LOOKS) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}
