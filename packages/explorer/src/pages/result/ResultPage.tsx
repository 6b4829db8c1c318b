import "./result.css";

import type { ReactNode } from "react";
import { Link } from "wouter";

import { jobTracksOf, type JobTrack } from "../../entities/jobTracks.ts";
import { STATE_TEXT, stateTone } from "../../entities/jobs.ts";
import { summaryOf } from "../../entities/jobSummary.ts";
import { nameOfVersion } from "../../entities/names.ts";
import { versionOf } from "../../entities/versions.ts";
import { useEntities, useHistory } from "../../history/useHistory.ts";
import { Badge } from "../../parts/Badge.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { Found } from "../../parts/Found.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { Page } from "../../parts/Page.tsx";
import { Section } from "../../parts/Section.tsx";
import { Time } from "../../parts/Time.tsx";
import { to } from "../../routes.ts";
import { completionOf } from "../../verify/completion.ts";
import Input from "./Input.tsx";
import Stated from "./Stated.tsx";
import { outputsOf } from "./stated.ts";

/** Input and output of a job, and what each node has stated. */
export default function ResultPage({ params: { id } }: { readonly params: { readonly id: string } }): ReactNode {
  return (
    <Found value={useEntities(jobTracksOf).get(id.toLowerCase())} what="job" id={id}>
      {(track) => (
        <Page
          title="Result"
          lead="Input and output of a job. Bytes are shown only if their hash, the root, is the one on chain."
          actions={
            <Link className="button" href={to.job(track.order.id)}>
              The job
            </Link>
          }
        >
          <Result track={track} />
        </Page>
      )}
    </Found>
  );
}

function Result({ track }: { readonly track: JobTrack }): ReactNode {
  const { index } = useHistory();
  const { order } = track;
  const { versionId, market, state, isFinal, statements, outputRoot, settledAt, settledTx } = summaryOf(track);
  const identity = versionOf(index, versionId)?.identity;
  const completion = identity && completionOf(identity);
  const outputs = outputsOf(statements, outputRoot);
  return (
    <>
      <Section title="Job">
        <p>{STATE_TEXT[state]}</p>
        <Facts
          items={[
            ["Job", <Hash key="job" value={order.id} to={to.job(order.id)} />],
            [
              "Version",
              <Link key="version" href={to.version(versionId)}>
                <ForeignText text={nameOfVersion(index, versionId)} />
              </Link>,
            ],
            [
              "State",
              <Badge key="state" tone={stateTone(state)}>
                {state}
              </Badge>,
            ],
            ["Ordered", <Time key="ordered" at={order.orderedAt} tx={order.tx} />],
            [
              "Final",
              settledAt !== undefined && settledTx !== undefined ? <Time at={settledAt} tx={settledTx} /> : undefined,
            ],
          ]}
        />
      </Section>
      <Section title="Input">
        <Input order={order} specs={identity?.inputs} window={completion?.prompt} />
      </Section>
      <Section title={outputs.length > 1 ? "Outputs" : "Output"}>
        {outputs.length === 0 ? (
          <Empty>{isFinal ? "No node has stated an output." : "No node has shown an output yet."}</Empty>
        ) : (
          <Stated
            outputs={outputs}
            isFinal={isFinal}
            market={market}
            versionId={versionId}
            specs={identity?.outputs}
            window={completion?.text}
          />
        )}
      </Section>
    </>
  );
}
