import { answerCollateralOf, collateralOf, type Job, type OptimisticJob, seatBound } from "@opg-protocol/sdk";
import { dataLength, toUtf8String } from "ethers";
import type { ReactNode } from "react";
import { Link } from "wouter";

import type { JobView } from "../../entities/jobs.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Bytes } from "../../parts/Bytes.tsx";
import { Duration } from "../../parts/Duration.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { ForeignLink } from "../../parts/ForeignLink.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { Percent } from "../../parts/Percent.tsx";
import { Time } from "../../parts/Time.tsx";
import { to } from "../../routes.ts";
import { DeliveryText } from "./DeliveryText.tsx";
import { policyText } from "./words.ts";

type Items = readonly (readonly [string, ReactNode])[];

/** What the order says. */
export function JobFacts({ view }: { readonly view: JobView }): ReactNode {
  const { summary, order, delivery, neighbours } = view;
  const { terms } = order;
  const { tx } = order;
  return (
    <Facts
      items={[
        ["Job", <Hash key="id" value={order.id} />],
        ["Policy", policyText(terms)],
        ["Requester", <AddressLink key="requester" address={summary.requester} />],
        ["Ordered", <Time key="ordered" at={order.orderedAt} tx={tx} />],
        ["Input", <Input key="input" view={view} />],
        ["Escrow", <Amount key="escrow" value={order.escrow} tx={tx} />],
        ...(terms.market === "market" ? drawnFacts(terms.job, tx) : singleFacts(terms.job, tx)),
        [
          "Royalty",
          terms.job.royalty === 0n ? (
            "none"
          ) : (
            <span key="royalty">
              <Amount value={terms.job.royalty} tx={tx} /> to <AddressLink address={terms.job.royaltyPayee} />
            </span>
          ),
        ],
        ["Delivery", <DeliveryText key="delivery" delivery={delivery} summary={summary} />],
        ["Ordered by schedule", neighbours.scheduleId && <Schedule key="schedule" id={neighbours.scheduleId} />],
        ["Ordered on the output of", neighbours.before && <JobLink key="before" id={neighbours.before} />],
        ["Its output is awaited by", neighbours.after.length > 0 ? <After key="after" view={view} /> : undefined],
      ]}
    />
  );
}

function drawnFacts(job: Job, tx: string): Items {
  return [
    ["Price of an answer", <Amount key="price" value={job.seatPrice} tx={tx} />],
    ["Nodes that answer", `at least ${job.quorum}, at most ${seatBound(job.quorum)}`],
    ["Collateral of each node", <Amount key="collateral" value={collateralOf(job)} tx={tx} />],
    ["Step of sealing", <Duration key="step" seconds={job.sealPeriod} />],
    ["Chance of an audit", job.auditBps === 0 ? "none" : <Percent key="audit" bps={job.auditBps} />],
    ["Challenge window", job.windowPeriod === 0 ? "none" : <Duration key="window" seconds={job.windowPeriod} />],
  ];
}

function singleFacts(job: OptimisticJob, tx: string): Items {
  const isOpen = BigInt(job.node) === 0n;
  return [
    [isOpen ? "Highest price" : "Price", <Amount key="price" value={job.price} tx={tx} />],
    ["Lowest price", isOpen ? <Amount key="lowest" value={job.lowestPrice} tx={tx} /> : undefined],
    ["Node", isOpen ? "any that reserves it" : <AddressLink key="node" address={job.node} />],
    ["Collateral at this price", <Amount key="collateral" value={answerCollateralOf(job, job.price)} tx={tx} />],
    ["Time to answer", <Duration key="answer" seconds={job.answerPeriod} />],
    ["Challenge window", <Duration key="window" seconds={job.windowPeriod} />],
    ["Chance of an audit", job.auditBps === 0 ? "none" : <Percent key="audit" bps={job.auditBps} />],
    [
      "What a false answer would cost",
      job.valueAtStake === 0 ? "not said" : `${job.valueAtStake.toLocaleString("en")} OPG`,
    ],
  ];
}

function Input({ view: { order, isInline } }: { readonly view: JobView }): ReactNode {
  const result = <Hash value={order.terms.job.inputRoot} to={to.result(order.id)} />;
  if (isInline) {
    return (
      <>
        {result} with the order, <Bytes value={dataLength(order.input)} />
      </>
    );
  }
  return (
    <>
      {result} at <ForeignLink uri={uriIn(order.input)} />
    </>
  );
}

/** Foreign bytes: what is no text is shown as it is. */
function uriIn(input: string): string {
  try {
    return toUtf8String(input);
  } catch {
    return input;
  }
}

function Schedule({ id }: { readonly id: string }): ReactNode {
  return <Hash value={id} to={to.schedule(id)} />;
}

function JobLink({ id }: { readonly id: string }): ReactNode {
  return <Hash value={id} to={to.job(id)} />;
}

function After({ view: { neighbours } }: { readonly view: JobView }): ReactNode {
  return neighbours.after.map(({ linkId, jobId }) => (
    <span key={linkId}>
      {jobId === undefined ? (
        <>
          link <Hash value={linkId} />
        </>
      ) : (
        <>
          job <Link href={to.job(jobId)}>{jobId.slice(0, 10)}</Link>
        </>
      )}{" "}
    </span>
  ));
}
