/** A read that was made before: the part of it that is looked at. */
interface EarlierRead {
  readonly queryKey: readonly unknown[];
}

/**
 * What an earlier read has given, to be shown while it is made anew: only of the very same read at an earlier time. What was
 * read for another account, price or id would be taken for an answer to what is asked now.
 * @param key What tells reads apart, and last their time.
 */
export const keptFor =
  (key: readonly unknown[]) =>
  <T>(earlier: T | undefined, read: EarlierRead | undefined): T | undefined => {
    const before = read?.queryKey ?? [];
    const isSame = before.length === key.length && key.slice(0, -1).every((part, i) => part === before[i]);
    return isSame ? earlier : undefined;
  };
