import type { ReactNode } from "react";

import type { FoundWallet } from "./types.ts";

/** A wallet by icon and name. */
export function WalletName({ wallet: { name, icon } }: { readonly wallet: FoundWallet }): ReactNode {
  return (
    <span className="wallet-name">
      {icon !== undefined && <img src={icon} alt="" width={24} height={24} />}
      <span>{name}</span>
    </span>
  );
}
