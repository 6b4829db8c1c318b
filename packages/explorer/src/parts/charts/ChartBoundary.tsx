import { Component, type ReactNode } from "react";

interface State {
  readonly failed: boolean;
}

/** A chart that cannot be loaded or drawn takes its own place down, and not the page. */
export default class ChartBoundary extends Component<{ readonly children: ReactNode }, State> {
  override readonly state: State = { failed: false };

  static getDerivedStateFromError(): State {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? (
      <p className="chart-empty">The chart could not be drawn. Load the page again.</p>
    ) : (
      this.props.children
    );
  }
}
