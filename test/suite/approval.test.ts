import { expect } from "chai";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";

import { refuseQuestions } from "../../scripts/suite/approval.ts";
import { EXIT, SuiteError } from "../../scripts/suite/outcome.ts";

describe("A task without a terminal", () => {
  it("is not asked for the password of a keystore, and says what to do instead", async () => {
    const hre = await createHardhatRuntimeEnvironment({});
    refuseQuestions(hre, false);
    const answer = await hre.interruptions
      .requestSecretInput("keystore", "Enter the password")
      .catch((e: unknown) => e);
    expect(answer).to.be.instanceOf(SuiteError).and.to.deep.include({ exitCode: EXIT.needsApproval });
    expect(String(answer)).to.include("nobody can be asked: keystore, Enter the password");
  });
});
