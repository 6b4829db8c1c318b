import { type ReactNode, useLayoutEffect, useRef } from "react";

interface Props {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and alpha, row by row. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  /** What is to be seen, for those who do not see it. */
  readonly label: string;
  /** The pixel that a frame is drawn around, counted row by row. */
  readonly mark?: number | undefined;
}

/** A small picture, enlarged without blur. */
export default function PixelCanvas({ width, height, pixels, label, mark }: Props): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    canvas.current?.getContext("2d")?.putImageData(new ImageData(pixels, width, height), 0, 0);
  }, [pixels, width, height]);
  return (
    <div className="pixels" role="img" aria-label={label}>
      <canvas ref={canvas} width={width} height={height} />
      {mark !== undefined && mark < width * height && (
        <span
          className="pixel-mark"
          style={{
            left: `${((mark % width) / width) * 100}%`,
            top: `${(Math.floor(mark / width) / height) * 100}%`,
            width: `${100 / width}%`,
            height: `${100 / height}%`,
          }}
        />
      )}
    </div>
  );
}
