import type { ReactElement, ReactNode } from "react";
import { Rectangle, Sankey as RechartsSankey } from "recharts";

import ChartFigure from "./ChartFigure.tsx";
import { chartColour } from "./colours.ts";
import { type FlowLink, flowNames, type FlowNode, indexFlows } from "./flows.ts";
import { partsLabel } from "./labels.ts";
import { numberText } from "./numbers.ts";
import Sized from "./Sized.tsx";

const ROW = 44;
const LEAST_HEIGHT = 160;

/** Properties of {@link Sankey}. */
export interface SankeyProps {
  readonly title: string;
  readonly nodes: readonly FlowNode[];
  readonly links: readonly FlowLink[];
  readonly unit: string;
}

/** What flows from whom to whom, as bands as wide as the amounts. */
export default function Sankey({ title, nodes, links, unit }: SankeyProps): ReactNode {
  const named = flowNames(nodes, links).filter(({ value }) => value > 0);
  const flows = indexFlows(nodes, links);
  const height = Math.max(LEAST_HEIGHT, named.length * ROW);
  return (
    <ChartFigure
      title={title}
      label={`${partsLabel(title, named, unit)} ${named.map((flow) => `${flow.label} ${numberText(flow.value, unit)}`).join("; ")}.`}
      columns={["", unit]}
      rows={named.map(({ label, value }) => [label, numberText(value)])}
    >
      {flows === undefined ? (
        <p className="chart-empty">These flows go round in a circle; the table has them.</p>
      ) : (
        <Sized height={height}>
          {(width) => (
            <RechartsSankey
              width={width}
              height={height}
              data={flows}
              nodePadding={24}
              nodeWidth={8}
              margin={{ top: 12, right: 8, bottom: 12, left: 8 }}
              link={{ stroke: "var(--chart-1)", strokeOpacity: 0.35 }}
              node={(node: NodeShape) => <Place node={node} width={width} unit={unit} />}
              accessibilityLayer={false}
            />
          )}
        </Sized>
      )}
    </ChartFigure>
  );
}

interface NodeShape {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly index: number;
  readonly payload: { readonly name: string; readonly value: number };
}

interface PlaceProps {
  readonly node: NodeShape;
  readonly width: number;
  readonly unit: string;
}

/** A node with its name on the side where there is room. */
function Place({ node, width, unit }: PlaceProps): ReactElement {
  const { x, y, height, index, payload } = node;
  const isRight = x > width / 2;
  return (
    <g>
      <Rectangle x={x} y={y} width={node.width} height={Math.max(1, height)} fill={chartColour(index)} />
      <text
        x={isRight ? x - 6 : x + node.width + 6}
        y={y + height / 2 + 4}
        textAnchor={isRight ? "end" : "start"}
        className="chart-text"
      >
        {`${payload.name} ${numberText(payload.value, unit)}`}
      </text>
    </g>
  );
}
