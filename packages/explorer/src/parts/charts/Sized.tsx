import { type ReactNode, useLayoutEffect, useRef, useState } from "react";

interface Props {
  readonly height: number;
  /** Draws the chart; called again when the width changes. */
  readonly children: (width: number) => ReactNode;
}

/** Gives a chart the width of the place it is in. */
export default function Sized({ height, children }: Props): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const measure = (): void => {
      setWidth(Math.floor(element.clientWidth));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, []);
  return (
    <div ref={box} className="chart-box" style={{ height }}>
      {width > 0 && children(width)}
    </div>
  );
}
