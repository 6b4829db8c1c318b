import { type ReactNode, useEffect, useState } from "react";

import { formatBytes } from "../../parts/format.ts";

/** How much the browser keeps for this page; browsers that do not tell are not asked. */
export function StorageUse({ events }: { readonly events: number }): ReactNode {
  const [bytes, setBytes] = useState<number>();
  useEffect(() => {
    let isOver = false;
    storedBytes()
      .then((found) => {
        if (!isOver) setBytes(found);
      })
      .catch(() => {
        // A number to look at: without it nothing is missing.
      });
    return () => {
      isOver = true;
    };
  }, [events]);
  return bytes === undefined ? "yes" : `yes: ${formatBytes(bytes)} for all of this site`;
}

async function storedBytes(): Promise<number | undefined> {
  // Pages that are not served securely have no storage manager, whatever the types say.
  const manager: StorageManager | undefined = "storage" in navigator ? navigator.storage : undefined;
  return (await manager?.estimate())?.usage;
}
