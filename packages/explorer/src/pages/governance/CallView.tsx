import type { ReactNode } from "react";
import { formatEther } from "ethers";

import { isPacked } from "../../entities/parameters.ts";
import type { ProposedCall } from "../../entities/proposals.ts";
import { useNetwork } from "../../network/context.tsx";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { CallTitle } from "./CallTitle.tsx";
import { type DecodedArgument, decodeCall, type DecodedCall } from "./decodeCall.ts";
import { RulesDifference } from "./RulesDifference.tsx";

/** A call of a proposal: what it calls, with which values, and what it would change. */
export function CallView({ call }: { readonly call: ProposedCall }): ReactNode {
  const { client } = useNetwork();
  const decoded = decodeCall(client, call);
  return (
    <div className="call">
      <p>
        <CallTitle call={call} /> {decoded !== undefined && <Hash value={call.to} />}
        {call.value !== 0n && <> with {formatEther(call.value)} of the chain’s coin</>}
      </p>
      {decoded === undefined ? (
        <p>
          The page does not know what this does. Its bytes: <ForeignText text={call.data} max={200} />
        </p>
      ) : (
        <Arguments decoded={decoded} />
      )}
    </div>
  );
}

function Arguments({ decoded }: { readonly decoded: DecodedCall }): ReactNode {
  const { contract, functionName, arguments: values, inner } = decoded;
  if (inner.length > 0) {
    return inner.map(({ call }, i) => <CallView key={i} call={call} />);
  }
  const rules = values.find(({ name }) => name === "rules" || name === "rules_")?.text;
  const margin = values.find(({ name }) => name.startsWith("marginPeriod"))?.text;
  return (
    <>
      <ul className="plain-list">
        {values.map((value, i) => (
          <li key={i}>
            <Argument value={value} />
          </li>
        ))}
      </ul>
      {functionName === "setRules" && isPacked(contract) && rules !== undefined && (
        <RulesDifference
          contract={contract}
          word={rules}
          marginPeriod={margin === undefined ? undefined : BigInt(margin)}
        />
      )}
    </>
  );
}

function Argument({ value: { name, type, text } }: { readonly value: DecodedArgument }): ReactNode {
  return (
    <>
      <code>{name === "" ? type : name}</code>:{" "}
      {type === "address" ? <AddressLink address={text} /> : <ForeignText text={text} max={160} />}
    </>
  );
}
