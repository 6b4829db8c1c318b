import { ZeroAddress } from "ethers";

import type { InferenceMarketplace } from "../../../typechain-types/index.ts";
import type { ContractName, View } from "../views.ts";
import { answer, type Hears } from "./Telling.ts";

/** Who manages access to a contract. */
export class Authority {
  private authority: string = ZeroAddress;
  readonly hears: Pick<Hears<InferenceMarketplace>, "AuthorityUpdated"> = {
    AuthorityUpdated: ({ authority }) => {
      this.authority = authority;
    },
  };

  constructor(private readonly contract: ContractName) {}

  answers(): View[] {
    return [answer(this.contract, "authority", [], this.authority)];
  }
}

/** The same, and until when the contract's entries are closed. */
export class Entries {
  private readonly authority: Authority;
  private pausedUntil = 0n;
  readonly hears: Pick<Hears<InferenceMarketplace>, "AuthorityUpdated" | "EntriesPaused">;

  constructor(private readonly contract: ContractName) {
    this.authority = new Authority(contract);
    this.hears = {
      ...this.authority.hears,
      EntriesPaused: ({ time }) => {
        this.pausedUntil = time;
      },
    };
  }

  answers(): View[] {
    return [...this.authority.answers(), answer(this.contract, "pausedUntil", [], this.pausedUntil)];
  }
}
