import type { ReactNode } from "react";

import { Section } from "../parts/Section.tsx";
import { Verification } from "./Verification.tsx";

/** Checks the answer to a job in the user's own browser. Loaded lazily by pages that show a job. */
export default function VerifyPanel({ jobId }: { readonly jobId: string }): ReactNode {
  return (
    <Section title="Verify in this browser">
      <p>
        Your browser reads the job again, fetches the model, checks its digest, runs it and compares every number. For
        that it asks your RPC, the nodes that answered, and the addresses that the owner of the model has given, which
        then see your IP address. ONNX Runtime (14 MB) comes from this page.
      </p>
      <Verification key={jobId} task={{ kind: "job", jobId }} label="Verify" />
    </Section>
  );
}
