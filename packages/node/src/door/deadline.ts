/** Does something that is given a signal which comes so many seconds later, unless it is over by then. */
export async function withDeadline<Result>(
  seconds: number,
  act: (late: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const late = new AbortController();
  // Cleared, unlike the timer of `AbortSignal.timeout`: calls by the thousand must not leave one each behind.
  const timer = setTimeout(() => {
    late.abort();
  }, seconds * 1000);
  try {
    return await act(late.signal);
  } finally {
    clearTimeout(timer);
  }
}

/** What a promise gives, unless a signal comes before it, or has come. */
export function within<Result>(promise: Promise<Result>, signal: AbortSignal, error: () => Error): Promise<Result> {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      reject(error());
    };
    if (signal.aborted) giveUp();
    signal.addEventListener("abort", giveUp, { once: true });
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener("abort", giveUp);
    });
  });
}
