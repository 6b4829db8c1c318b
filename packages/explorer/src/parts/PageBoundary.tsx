import { Component, type ReactNode } from "react";

import { Failure } from "./Failure.tsx";

interface Props {
  readonly children: ReactNode;
}

/** Keeps an error of one page from taking the others along; a new address begins anew. */
export class PageBoundary extends Component<Props, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children;
    return (
      <>
        <h1>This page failed</h1>
        <Failure
          error={this.state.error}
          retry={() => {
            location.reload();
          }}
        />
      </>
    );
  }
}
