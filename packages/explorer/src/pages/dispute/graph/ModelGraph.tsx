import type { Program } from "@opg-protocol/sdk/onnx";
import { type ReactNode, useEffect, useId, useMemo, useRef } from "react";

import { visibleText } from "../../../parts/foreign.ts";
import { ForeignText } from "../../../parts/ForeignText.tsx";
import { type GraphNode, layoutOf, NODE } from "./layout.ts";

/** Most characters of a name and of the smaller line below it. */
const [LONGEST_NAME, LONGEST_TENSOR] = [28, 34];

interface Props {
  readonly program: Program;
  /** The step that the node made differently; undefined as long as it has not named one. */
  readonly contested: number | undefined;
}

/** The model as its steps and what they read, with the step in dispute marked. */
export function ModelGraph({ program, contested }: Props): ReactNode {
  const layout = useMemo(() => layoutOf(program), [program]);
  const box = useRef<HTMLDivElement>(null);
  const marker = useId();
  const found = layout.nodes.find(({ id }) => id === contested);
  useEffect(() => {
    const view = box.current;
    if (view === null || found === undefined) return;
    // The box gets narrower when the tensor comes to stand beside it.
    const observer = new ResizeObserver(() => {
      view.scrollTop = found.y - view.clientHeight / 2;
      view.scrollLeft = found.x + NODE.width / 2 - view.clientWidth / 2;
    });
    observer.observe(view);
    return () => {
      observer.disconnect();
    };
  }, [found]);
  const title = `A graph of ${program.steps.length} steps.${found === undefined ? "" : ` Step ${found.id}, ${visibleText(found.name)}, is in dispute.`}`;
  return (
    <figure>
      <figcaption>The model</figcaption>
      <div className="graph-box" ref={box} role="region" aria-label="Graph of the model" tabIndex={0}>
        <svg viewBox={`0 0 ${layout.width} ${layout.height}`} width={layout.width} height={layout.height} role="img">
          <title>{title}</title>
          <defs>
            <marker id={marker} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto">
              <path d="M0,0 L8,4 L0,8 z" className="graph-head" />
            </marker>
          </defs>
          {layout.edges.map(({ from, to, path }) => (
            <path key={`${from}-${to}`} d={path} className="graph-edge" markerEnd={`url(#${marker})`} />
          ))}
          {layout.nodes.map((node) => (
            <Operator key={node.id} node={node} isContested={node.id === contested} />
          ))}
        </svg>
      </div>
      <StepList nodes={layout.nodes} contested={contested} />
    </figure>
  );
}

function Operator({ node, isContested }: { readonly node: GraphNode; readonly isContested: boolean }): ReactNode {
  const { x, y, name, operator, tensor } = node;
  const kind = operator === undefined ? "end" : "operator";
  return (
    <g className={`graph-node ${kind}${isContested ? " contested" : ""}`}>
      <rect x={x} y={y} width={NODE.width} height={NODE.height} rx={6} />
      <text x={x + NODE.width / 2} y={y + 19}>
        {shortened(isContested ? `! ${name}` : name, LONGEST_NAME)}
      </text>
      <text x={x + NODE.width / 2} y={y + 36} className="soft">
        {shortened(`${operator === undefined ? "" : `${operator} · `}${tensor}`, LONGEST_TENSOR)}
      </text>
    </g>
  );
}

function shortened(text: string, longest: number): string {
  const visible = visibleText(text);
  return visible.length > longest ? `${visible.slice(0, longest - 1)}…` : visible;
}

interface ListProps {
  readonly nodes: readonly GraphNode[];
  readonly contested: number | undefined;
}

/** The same as text. */
function StepList({ nodes, contested }: ListProps): ReactNode {
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  const steps = nodes.filter(({ id }) => id < nodes.length);
  return (
    <details>
      <summary>The steps as a list</summary>
      <ol className="steps" start={0}>
        {steps.map(({ id, name, operator, tensor, reads }) => (
          <li key={id} aria-current={id === contested ? "step" : undefined}>
            <ForeignText text={name} max={80} />
            {operator !== undefined && (
              <>
                {" "}
                (<ForeignText text={operator} max={40} />)
              </>
            )}
            , {tensor}
            {reads.length > 0 && (
              <span className="muted">
                {" "}
                from <ForeignText text={reads.map((from) => names.get(from) ?? "").join(", ")} />
              </span>
            )}
            {id === contested && <strong> – in dispute</strong>}
          </li>
        ))}
      </ol>
    </details>
  );
}
