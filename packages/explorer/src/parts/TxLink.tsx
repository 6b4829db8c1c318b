import type { ReactNode } from "react";

import { useBlockExplorer } from "./blockExplorer.ts";
import { CopyButton } from "./CopyButton.tsx";
import { shortHash } from "./format.ts";

interface Props {
  readonly hash: string;
  /** What comes from the transaction; by default its hash is shown. */
  readonly children?: ReactNode;
}

/** What comes from a transaction, with a way to it: a link where the network has a block explorer, else the hash to copy. */
export function TxLink({ hash, children }: Props): ReactNode {
  const url = useBlockExplorer("tx", hash);
  const shown = children ?? <code title={hash}>{shortHash(hash)}</code>;
  if (url === undefined) {
    return (
      <span className="hash">
        {shown} <CopyButton value={hash} what={`transaction ${shortHash(hash)}`} />
      </span>
    );
  }
  return (
    <a href={url} target="_blank" rel="noreferrer" title={`Transaction ${hash}`}>
      {shown}
    </a>
  );
}
