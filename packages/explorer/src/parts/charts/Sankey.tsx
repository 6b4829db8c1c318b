import type { ReactElement, ReactNode } from "react";
import { Rectangle, Sankey as RechartsSankey } from "recharts";

import ChartFigure from "./ChartFigure.tsx";
import { chartColour } from "./colours.ts";
import { type FlowLink, flowNames, type FlowNode, indexFlows } from "./flows.ts";
import { partsLabel } from "./labels.ts";
import { numberText, shortText } from "./numbers.ts";
import Sized from "./Sized.tsx";

const ROW = 44;
const LEAST_HEIGHT = 160;
/** Below this width there is room for short names alone: the numbers are in the table. */
const NARROW = 560;
/** Width of a letter, about, in pixels. */
const LETTER = 7;

interface Props {
  readonly title: string;
  readonly nodes: readonly FlowNode[];
  readonly links: readonly FlowLink[];
  readonly unit: string;
}

/** What flows from whom to whom, as bands as wide as the amounts. */
export default function Sankey({ title, nodes, links, unit }: Props): ReactNode {
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
  const isNarrow = width < NARROW;
  const isBetween = x > width * 0.1 && x + node.width < width * 0.9;
  // Beside a bar in the middle there is no room on a phone: above it there is.
  const place =
    isNarrow && isBetween
      ? { x: x + node.width / 2, y: y - 3, textAnchor: "middle" as const }
      : {
          x: isRight ? x - 6 : x + node.width + 6,
          y: y + height / 2 + 4,
          textAnchor: isRight ? ("end" as const) : ("start" as const),
        };
  return (
    <g>
      <Rectangle x={x} y={y} width={node.width} height={Math.max(1, height)} fill={chartColour(index)} />
      <text {...place} className="chart-text">
        {isNarrow ? shortened(payload.name, width) : `${payload.name} ${shortText(payload.value, unit)}`}
      </text>
    </g>
  );
}

/** As much of a name as fits beside the names of the two other columns that flows have at most. */
function shortened(name: string, width: number): string {
  const letters = Math.floor(width / 3 / LETTER);
  return name.length <= letters ? name : `${name.slice(0, letters - 1)}…`;
}
