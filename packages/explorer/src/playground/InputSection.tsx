import type { Tensor } from "@opg-protocol/sdk";
import { type ReactNode, useState } from "react";

import type { VersionView } from "../entities/versions.ts";
import { useFetchBytes } from "../pages/result/useFetchBytes.ts";
import { Failure } from "../parts/Failure.tsx";
import { fetchExample } from "./golden.ts";
import InputEditor from "./InputEditor.tsx";

interface Props {
  readonly version: VersionView;
  readonly tensors: readonly (Tensor | undefined)[];
  readonly onTensors: (tensors: readonly (Tensor | undefined)[]) => void;
}

/** All inputs of a version, and the example that its owner has released it with. */
export default function InputSection({ version, tensors, onTensors }: Props): ReactNode {
  const fetchBytes = useFetchBytes();
  const [given, setGiven] = useState<readonly Tensor[]>();
  const [count, setCount] = useState(0);
  const [error, setError] = useState<unknown>();
  const useExample = async () => {
    setError(undefined);
    try {
      const example = await fetchExample(version, fetchBytes);
      setGiven(example);
      setCount(count + 1);
      onTensors(example);
    } catch (fault) {
      setError(fault);
    }
  };
  return (
    <>
      {version.identity.inputs.map((spec, index) => (
        <InputEditor
          key={`${count} ${index}`}
          spec={spec}
          tensor={tensors[index]}
          initial={given?.[index]}
          onTensor={(tensor) => {
            onTensors(version.identity.inputs.map((_, at) => (at === index ? tensor : tensors[at])));
          }}
        />
      ))}
      {version.release.metadataURI !== "" && (
        <button type="button" onClick={() => void useExample()}>
          Take the example of the model’s owner
        </button>
      )}
      {error !== undefined && <Failure error={error} />}
    </>
  );
}
