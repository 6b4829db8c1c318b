import { type DisputedElement, type DisputeExplanation, explainDispute, shownOf } from "@opg-protocol/sdk";
import { type ReactNode, useMemo } from "react";

import type { Dispute } from "../../entities/disputes.ts";
import { useRead } from "../../network/useRead.ts";
import { Async } from "../../parts/Async.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { completionOf } from "../../verify/completion.ts";
import { ModelGraph } from "./graph/ModelGraph.tsx";
import type { OwnRun } from "./run/ownRun.ts";
import { coordinatesText, tokenAt } from "./tensor/plane.ts";
import { TensorMap } from "./tensor/TensorMap.tsx";
import { Token } from "./Token.tsx";
import { Values } from "./Values.tsx";
import { layerText } from "./words.ts";

interface Props {
  readonly dispute: Dispute;
  readonly own: OwnRun;
}

/** The dispute in the model's own terms: its graph, the operator, the tensor, the number. */
export default function Explained({ dispute, own }: Props): ReactNode {
  const { gameId, moves, payment, blockNumber, laid } = dispute;
  const { program, run, made } = own;
  const key = ["explanation", gameId, moves.length, payment !== undefined, run !== undefined];
  const explanation = useRead(
    key,
    (client) =>
      explainDispute(client, {
        gameId,
        program,
        fromBlock: blockNumber,
        ...(run && { run }),
        ...(made && { statement: made.statement }),
      }),
    { once: true },
  );
  return (
    <>
      <OwnAnswer own={own} stated={dispute.stated?.outputRoot} />
      <Async read={explanation} what="the explanation">
        {(found) => (
          <>
            <Element explanation={found} own={own} />
            <div className="words">
              {found.text.split("\n").map((line) => (
                <p key={line}>
                  <ForeignText text={line} max={600} />
                </p>
              ))}
            </div>
          </>
        )}
      </Async>
      <div className="columns">
        <ModelGraph program={program} contested={laid?.index} />
        <Tensor dispute={dispute} own={own} element={explanation.data?.element} />
      </div>
    </>
  );
}

/** Who is right about the answer, as far as this browser can tell. */
function OwnAnswer({ own, stated }: { readonly own: OwnRun; readonly stated: string | undefined }): ReactNode {
  const { outputRoot } = own;
  if (outputRoot === undefined)
    return (
      <p className="note wait">
        What the model reads, its input or the output that was stated, is not to be had, so it was loaded but not run
        here.
      </p>
    );
  return outputRoot === stated ? (
    <p className="note good">
      <Badge tone="good">same</Badge> Run here, the model gives the output that the node has stated:{" "}
      <Hash value={outputRoot} />.
    </p>
  ) : (
    <p className="note bad">
      <Badge tone="bad">differs</Badge> Run here, the model gives <Hash value={outputRoot} />. The node has stated{" "}
      {stated === undefined ? "something else" : <Hash value={stated} />}.
    </p>
  );
}

interface ElementProps extends Pick<Props, "own"> {
  readonly explanation: DisputeExplanation;
}

function Element({ explanation: { element, layer }, own }: ElementProps): ReactNode {
  if (element === undefined || layer === undefined) return undefined;
  const { name = `step ${layer.step}`, shape } = layer;
  const { coordinates, word, offset } = element;
  const completion = completionOf(own.program);
  const isPlaced = coordinates !== undefined && shape !== undefined;
  const place = isPlaced
    ? coordinatesText(shape, coordinates, completion?.length)
    : `byte ${offset} of word ${word}, in the padding between rows`;
  return (
    <>
      <h3>
        The contested element: <ForeignText text={(completion && layerText(name)) ?? name} max={80} />, {place}
      </h3>
      {isPlaced && completion && own.run && (
        <Token completion={completion} run={own.run} token={tokenAt(shape, coordinates, completion.length)} />
      )}
      <Values element={element} />
    </>
  );
}

interface TensorProps extends Props {
  readonly element: DisputedElement | undefined;
}

function Tensor({ dispute: { laid }, own: { program, run }, element }: TensorProps): ReactNode {
  const index = laid?.index;
  const right = useMemo(
    () => (run && index !== undefined ? run.executor.words(run.inputs, index, run.shown) : undefined),
    [run, index],
  );
  const shown = useMemo(() => laid && shownOf(laid), [laid]);
  const step = index === undefined ? undefined : program.steps[index]?.step;
  const coordinates = element?.coordinates;
  const contested = useMemo(() => element && coordinates && { ...element, coordinates }, [element, coordinates]);
  if (right === undefined || shown === undefined || step === undefined || contested === undefined) return undefined;
  const window = completionOf(program)?.length;
  return <TensorMap step={step} right={right} shown={shown} element={contested} window={window} />;
}
