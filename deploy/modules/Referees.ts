import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** Layer 1: who judges single elements, one contract for each verification profile. */
export default buildModule("Referees", (m) => {
  const onnxReferee = m.contract("OnnxReferee");
  const integerReferee = m.contract("IntegerReferee");
  return { onnxReferee, integerReferee };
});
