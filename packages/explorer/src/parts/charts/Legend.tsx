import type { ReactNode } from "react";

interface Props {
  readonly items: readonly { readonly label: string; readonly colour: string; readonly text?: string }[];
}

/** Which colour is what. */
export default function Legend({ items }: Props): ReactNode {
  return (
    <ul className="chart-legend" aria-hidden="true">
      {items.map(({ label, colour, text }, index) => (
        <li key={index}>
          <span className="chart-swatch" style={{ backgroundColor: colour }} />
          {label}
          {text !== undefined && <span className="chart-legend-value"> {text}</span>}
        </li>
      ))}
    </ul>
  );
}
