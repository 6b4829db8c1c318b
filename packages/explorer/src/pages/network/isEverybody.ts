import { ZeroAddress } from "ethers";

import type { Role } from "../../entities/roles.ts";

/** The timelock lets everybody do what the zero address may. */
export const isEverybody = ({ contract }: Pick<Role, "contract">, account: string): boolean =>
  contract === "timelock" && account === ZeroAddress;
