import { ZeroHash } from "ethers";

import type { Client } from "../../client.ts";
import { interfaces } from "../../contracts.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { action } from "../action.ts";

const { sessions } = interfaces;

/** What a payer lets a key do in its name. */
export interface KeyGrant {
  /** OPG that the key can put into sessions, base units. */
  readonly limit: bigint;
  /** Unix seconds; no session of the key outlasts it. */
  readonly expiresAt: number;
  /** Of the OpenZeppelin `StandardMerkleTree` over `["bytes32"]`; left out, any version. */
  readonly versionsRoot?: string;
}

/** Names a key of a payer. */
export interface KeyParameters {
  readonly payer: string;
  readonly key: string;
}

/** Parameters of {@link grantKey}. */
export interface GrantKeyParameters extends KeyGrant {
  readonly key: string;
}

/** What a key may still do in a payer's name. */
export async function getGrant(client: Client, { payer, key }: KeyParameters): Promise<Required<KeyGrant>> {
  const { limit, expiresAt, versionsRoot } = await explained(client.sessions.grantOf(payer, key));
  return { limit, expiresAt: Number(expiresAt), versionsRoot };
}

/** Lets a key open sessions in the name of the client's account, in place of what it could before. */
export const grantKey = action("sessions", ({ key, limit, expiresAt, versionsRoot = ZeroHash }: GrantKeyParameters) =>
  sessions.encodeFunctionData("grantKey", [key, limit, expiresAt, versionsRoot]),
);

/** Takes from a key what it could still do. Its sessions go on; `closeSession` ends each. */
export const revokeKey = action("sessions", ({ key }: Pick<KeyParameters, "key">) =>
  sessions.encodeFunctionData("grantKey", [key, 0n, 0, ZeroHash]),
);
