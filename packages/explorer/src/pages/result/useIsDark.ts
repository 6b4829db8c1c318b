import { useSyncExternalStore } from "react";

const darkness = (): MediaQueryList => matchMedia("(prefers-color-scheme: dark)");

function subscribe(changed: () => void): () => void {
  const query = darkness();
  query.addEventListener("change", changed);
  return () => {
    query.removeEventListener("change", changed);
  };
}

/** Whether the page is dark now: what is drawn on a canvas does not follow the style sheet by itself. */
export const useIsDark = (): boolean => useSyncExternalStore(subscribe, () => darkness().matches);
