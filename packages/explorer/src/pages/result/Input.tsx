import type { TensorSpec } from "@opg-protocol/sdk";
import { type ReactNode, useMemo, useState } from "react";

import type { JobOrder } from "../../entities/jobOrders.ts";
import { useRead } from "../../network/useRead.ts";
import { Async } from "../../parts/Async.tsx";
import { ForeignLink } from "../../parts/ForeignLink.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { fetchInput, inputOf } from "./payload.ts";
import Payload from "./Payload.tsx";
import { useFetchBytes } from "./useFetchBytes.ts";

interface Props {
  readonly order: JobOrder;
  readonly specs: readonly TensorSpec[] | undefined;
  /** Which tensor is the window of a text. */
  readonly window: number | undefined;
}

/** The input of an order, if it has the root that the order names. */
export default function Input({ order, specs, window }: Props): ReactNode {
  const { inputRoot } = order.terms.job;
  const input = useMemo(() => inputOf(order.input, inputRoot), [order.input, inputRoot]);
  return (
    <>
      {input.kind === "tensors" && <Payload tensors={input.tensors} specs={specs} window={window} />}
      {input.kind === "uri" && <Elsewhere uri={input.uri} root={inputRoot} specs={specs} window={window} />}
      {input.kind === "broken" && <p>The order does not carry the input that it commits to.</p>}
      <p className="hint">
        Root <Hash value={inputRoot} /> {input.kind === "tensors" && "The bytes in the order have this root."}
      </p>
    </>
  );
}

interface ElsewhereProps extends Omit<Props, "order"> {
  readonly uri: string;
  readonly root: string;
}

/** An input at an address: it is asked only when the user says so, since the requester chose whom that tells. */
function Elsewhere({ uri, root, specs, window }: ElsewhereProps): ReactNode {
  const [isWanted, setWanted] = useState(false);
  const fetchBytes = useFetchBytes();
  const read = useRead(["input", root, uri], async () => (await fetchInput(uri, root, fetchBytes)) ?? null, {
    once: true,
    enabled: isWanted,
  });
  return (
    <>
      <p>
        The order names an address for its input: <ForeignLink uri={uri} />
      </p>
      {!isWanted && (
        <button
          type="button"
          onClick={() => {
            setWanted(true);
          }}
        >
          Fetch the input from there
        </button>
      )}
      {isWanted && (
        <Async read={read} what="the input">
          {(tensors) =>
            tensors === null ? (
              <p>What is there has not the root of the order, so it is not shown.</p>
            ) : (
              <Payload tensors={tensors} specs={specs} window={window} />
            )
          }
        </Async>
      )}
    </>
  );
}
