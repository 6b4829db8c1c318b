/**
 * What the model checker reads instead of the bodies of functions of OpenZeppelin whose assembly it cannot follow: it would
 * take their results for anything at all. Each says what the function is specified to do; `test/formal/StandIns.t.sol` holds
 * the real ones to it.
 */
export const STAND_INS: ReadonlyMap<string, string> = new Map([
  ["SafeCast.toUint(bool)", "{ u = b ? 1 : 0; }"],
  ["Math.ternary(bool,uint256,uint256)", "{ return condition ? a : b; }"],
  // The checker takes what assembly assigns for anything; the requirement leaves one value of it.
  [
    "Math.log2(uint256)",
    '{ assembly ("memory-safe") { r := 0 } require(r < 256 && (x == 0 ? r == 0 : (x >> r) == 1)); }',
  ],
  // Checked arithmetic: what follows is proved of products that fit 256 bits, and the harness says that they do.
  ["Math.mulDiv(uint256,uint256,uint256)", "{ result = (x * y) / denominator; }"],
]);
