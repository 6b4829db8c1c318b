import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { id } from "ethers";

import GovernorModule from "./Governor.ts";
import MarketplaceModule from "./Marketplace.ts";
import OptimisticModule from "./Optimistic.ts";
import SchedulerModule from "./Scheduler.ts";
import SessionsModule from "./Sessions.ts";

/** May pause new entries, and resume them. */
export const GUARDIAN = 1n;
/** Tells contracts that their entries are closed: the pause guardian's contract alone. */
export const PAUSER = 2n;

const selectors = (...signatures: readonly string[]) => signatures.map((signature) => id(signature).slice(0, 10));

/** Layer 7: who can pause new entries, and for how long. */
export default buildModule("Guardian", (m) => {
  const { access, registry, staking, market } = m.useModule(MarketplaceModule);
  const { optimistic } = m.useModule(OptimisticModule);
  const { sessions } = m.useModule(SessionsModule);
  const { scheduler } = m.useModule(SchedulerModule);
  const { governor } = m.useModule(GovernorModule);
  const targets = { market, optimistic, sessions, scheduler, registry, staking };
  const pauseGuardian = m.contract("PauseGuardian", [
    access,
    governor,
    m.getParameter("maxPausePeriod"),
    m.getParameter("coolDownPeriod"),
    Object.values(targets),
  ]);
  const encoded = (step: string, method: string, args: Parameters<typeof m.encodeFunctionCall>[2]) =>
    m.encodeFunctionCall(access, method, args, { id: step });
  m.call(access, "multicall", [
    [
      encoded("labelGuardian", "labelRole", [GUARDIAN, "GUARDIAN"]),
      encoded("labelPauser", "labelRole", [PAUSER, "PAUSER"]),
      encoded("grantGuardian", "grantRole", [GUARDIAN, m.getParameter("guardian", m.getAccount(0)), 0n]),
      encoded("grantPauser", "grantRole", [PAUSER, pauseGuardian, 0n]),
      encoded("allowGuardian", "setTargetFunctionRole", [pauseGuardian, selectors("pause()", "resume()"), GUARDIAN]),
      ...Object.entries(targets).map(([name, target]) =>
        encoded(`pause_${name}`, "setTargetFunctionRole", [target, selectors("pauseUntil(uint256)"), PAUSER]),
      ),
    ],
  ]);
  return { pauseGuardian };
});
