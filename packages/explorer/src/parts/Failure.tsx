import type { ReactNode } from "react";

import { errorText } from "./errorText.ts";
import { ForeignText } from "./ForeignText.tsx";

/** What went wrong, and what to do about it. */
export function Failure({ error, retry }: { readonly error: unknown; readonly retry?: () => unknown }): ReactNode {
  const { sentence, fix } = errorText(error);
  return (
    <div className="note bad" role="alert">
      <p>
        <ForeignText text={sentence} max={400} />
      </p>
      {fix !== undefined && <p>{fix}</p>}
      {retry !== undefined && (
        <button
          type="button"
          onClick={() => {
            retry();
          }}
        >
          Try again
        </button>
      )}
    </div>
  );
}
