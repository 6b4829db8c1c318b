import "./dispute.css";

import { type ReactNode, useCallback } from "react";

import { type Dispute, disputeOf } from "../../entities/disputes.ts";
import type { EventIndex } from "../../history/EventIndex.ts";
import { useEntities, useHistory } from "../../history/useHistory.ts";
import { Empty } from "../../parts/Empty.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { Loading } from "../../parts/Loading.tsx";
import { Page } from "../../parts/Page.tsx";
import { DisputeBody } from "./DisputeBody.tsx";
import { shortGameId } from "./words.ts";

interface Props {
  readonly params: { readonly id: string };
}

/** One game: whose move it is, what was laid down, and which number it is about. */
export default function DisputePage({ params: { id } }: Props): ReactNode {
  const fold = useCallback((index: EventIndex) => disputeOf(index, id), [id]);
  const dispute = useEntities(fold);
  const { isComplete } = useHistory();
  return (
    <Page title={`Dispute ${shortGameId(dispute?.gameId ?? id)}`} lead={dispute && <Lead dispute={dispute} />}>
      {dispute !== undefined ? (
        <DisputeBody key={dispute.gameId} dispute={dispute} />
      ) : isComplete ? (
        <Empty>
          There is no game <ForeignText text={id} max={66} /> on this chain. Check the id and the network.
        </Empty>
      ) : (
        <Loading what="the dispute" />
      )}
    </Page>
  );
}

function Lead({ dispute: { roots } }: { readonly dispute: Dispute }): ReactNode {
  return (
    <p>
      One node has stated an answer, one challenger says that it is false. The model makes {roots.length} tensors, one
      after the other; the first one that the two make differently has one number that a contract can compute.
    </p>
  );
}
