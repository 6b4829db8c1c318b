import { formatUnits, parseUnits } from "ethers";

const DECIMALS = 18;

/** Base units for an amount of OPG as people write it: "1.5" is 1,500,000,000,000,000,000. */
export const parseOpg = (amount: string): bigint => parseUnits(amount, DECIMALS);

/** An amount of OPG as people write it, without trailing zeros. */
export const formatOpg = (baseUnits: bigint): string => formatUnits(baseUnits, DECIMALS).replace(/\.0$/, "");
