import type { ReactNode } from "react";

import type { StatedAnswer } from "../../entities/statedAnswers.ts";
import { Hash } from "../../parts/Hash.tsx";
import { to } from "../../routes.ts";

/** What a statement is about: its job or session. */
export function StatementLink({ stated }: { readonly stated: StatedAnswer | undefined }): ReactNode {
  if (stated === undefined) return "–";
  const { kind, id } = stated.subject;
  return (
    <>
      {kind === "job" ? "Job" : "Session"} <Hash value={id} to={kind === "job" ? to.job(id) : to.session(id)} />
    </>
  );
}
