import "./dispute.css";

import { type ReactNode, useMemo } from "react";

import { type Dispute, disputeOf } from "../../entities/disputes.ts";
import { useHistory } from "../../history/useHistory.ts";
import { Found } from "../../parts/Found.tsx";
import { Page } from "../../parts/Page.tsx";
import { DisputeBody } from "./DisputeBody.tsx";
import { shortGameId, stepCount } from "./words.ts";

interface Props {
  readonly params: { readonly id: string };
}

/** One game: whose move it is, what was laid down, and which number it is about. */
export default function DisputePage({ params: { id } }: Props): ReactNode {
  const { index } = useHistory();
  const found = useMemo(() => disputeOf(index, id), [index, id]);
  return (
    <Found value={found} what="dispute" id={id}>
      {(dispute) => (
        <Page key={dispute.gameId} title={`Dispute ${shortGameId(dispute.gameId)}`} lead={<Lead dispute={dispute} />}>
          <DisputeBody dispute={dispute} />
        </Page>
      )}
    </Found>
  );
}

function Lead({ dispute }: { readonly dispute: Dispute }): ReactNode {
  return (
    <p>
      One node has stated an answer, one challenger says that it is false. The model makes {stepCount(dispute)} tensors,
      one after the other; the first one that the two make differently has one number that a contract can compute.
    </p>
  );
}
