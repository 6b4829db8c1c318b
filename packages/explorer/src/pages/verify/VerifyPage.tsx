import type { ReactNode } from "react";

import { Page } from "../../parts/Page.tsx";
import { Batches } from "../sessions/Batches.tsx";
import { BatchLeafSection } from "./BatchLeafSection.tsx";
import { ReceiptSection } from "./ReceiptSection.tsx";

/** Checks of what is not a job on chain: receipts of sessions, and leaves of batches. */
export default function VerifyPage(): ReactNode {
  return (
    <Page
      title="Verify"
      lead="Check a receipt of a session or a leaf of a batch in your own browser. What you paste stays here. To check a job, open its page."
    >
      <ReceiptSection />
      <BatchLeafSection />
      <Batches />
    </Page>
  );
}
