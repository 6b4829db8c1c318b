import { EventIndex } from "./EventIndex.ts";

/** What is known of the deployment's past. */
export interface HistoryState {
  readonly index: EventIndex;
  /** Everything up to what was the newest block has been read once. */
  readonly isComplete: boolean;
  /** Which part of the chain was read, 0 to 1. */
  readonly progress: number;
  /** Why the chain cannot be read just now; that is tried again. */
  readonly error: Error | undefined;
  /** Whether the browser keeps events for the next visit. */
  readonly isCached: boolean;
  /** Up to this block an indexer has told what happened, and not the RPC. */
  readonly indexedTo: number | undefined;
}

/** The newest block. */
export interface Head {
  readonly blockNumber: number;
  /** Unix seconds. */
  readonly timestamp: number;
}

/** Before anything was read. */
export const BEGINNING = {
  index: EventIndex.EMPTY,
  isComplete: false,
  progress: 0,
  error: undefined,
  indexedTo: undefined,
};
