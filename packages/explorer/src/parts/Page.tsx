import { type ReactNode, useEffect } from "react";

interface Props {
  readonly title: ReactNode;
  /** The title of the window, where the heading is not just text. */
  readonly windowTitle?: string;
  /** A sentence or two below the heading. */
  readonly lead?: ReactNode;
  /** Links and buttons beside the heading. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page with its one heading. */
export function Page({ title, windowTitle, lead, actions, children }: Props): ReactNode {
  const name = windowTitle ?? (typeof title === "string" ? title : undefined);
  useEffect(() => {
    document.title = name === undefined ? "OPG Explorer" : `${name} · OPG Explorer`;
  }, [name]);
  return (
    <>
      <div className="page-head">
        <h1>{title}</h1>
        {actions !== undefined && <div className="page-actions">{actions}</div>}
      </div>
      {lead !== undefined && <div className="lead">{lead}</div>}
      {children}
    </>
  );
}
