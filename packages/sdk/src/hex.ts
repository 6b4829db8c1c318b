/** A value whose texts are typed as viem and wagmi type hexadecimal ones. */
export type WithHex<Value> = Value extends string
  ? `0x${string}`
  : Value extends object
    ? { readonly [Key in keyof Value]: WithHex<Value[Key]> }
    : Value;

/** The same value, typed for viem and wagmi: for ids, roots, addresses and packed words, all of which begin with 0x. */
export const withHex = <Value>(value: Value): WithHex<Value> => value as WithHex<Value>;
