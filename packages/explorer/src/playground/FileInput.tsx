import type { Tensor, TensorSpec } from "@opg-protocol/sdk";
import { type ReactNode, useId, useState } from "react";

import { Failure } from "../parts/Failure.tsx";
import { digitOf } from "./digit.ts";
import { digitTensor, isDigit, pictureShape, pictureTensor } from "./inputKind.ts";
import { readPicture } from "./pictureFile.ts";
import { specText, tensorOfBytes } from "./tensorText.ts";

interface Props {
  readonly spec: TensorSpec;
  /** A picture, which is brought to what the model takes, or the bytes of the tensor themselves. */
  readonly kind: "picture" | "bytes";
  readonly onTensor: (tensor: Tensor | undefined) => void;
}

const MOST_BYTES = 32 * 1024 * 1024;

/** A file of the user; it does not leave the browser before the order is sent. */
export default function FileInput({ spec, kind, onTensor }: Props): ReactNode {
  const id = useId();
  const [error, setError] = useState<unknown>();
  const read = async (file: File | undefined) => {
    setError(undefined);
    onTensor(undefined);
    if (file === undefined) return;
    try {
      onTensor(kind === "picture" ? await pictureOf(file, spec) : await bytesOf(file, spec));
    } catch (fault) {
      setError(fault);
    }
  };
  return (
    <div className="field">
      <label htmlFor={id}>{kind === "picture" ? "Picture" : `File with the bytes of ${specText(spec)}`}</label>
      <input
        id={id}
        type="file"
        accept={kind === "picture" ? "image/*" : undefined}
        onChange={({ target }) => {
          void read(target.files?.[0]);
        }}
      />
      <p className="hint">
        {kind === "picture"
          ? "It is scaled here, in your browser, to what the model takes."
          : "Row by row, little-endian, without gaps."}
      </p>
      {error !== undefined && <Failure error={error} />}
    </div>
  );
}

async function pictureOf(file: File, spec: TensorSpec): Promise<Tensor> {
  if (isDigit(spec)) return digitTensor(spec, digitOf((await readPicture(file)).grey));
  const { rgba, grey } = await readPicture(file, pictureShape(spec));
  return pictureTensor(spec, rgba, grey);
}

async function bytesOf(file: File, spec: TensorSpec): Promise<Tensor> {
  if (file.size > MOST_BYTES) throw new RangeError(`The file has ${file.size} bytes; at most ${MOST_BYTES} are read.`);
  return tensorOfBytes(spec, new Uint8Array(await file.arrayBuffer()));
}
