import type { Action, Actions } from "./actions.ts";
import type { Calls, Kind } from "./steps.ts";

type ControlKind = Extract<
  Kind,
  "pause" | "resume" | "setRules" | "setSessionRules" | "setSchedulerRules" | "setParameters" | "setRoyaltyNoticePeriod"
>;

const paused = (method: "pause" | "resume"): Action<Calls["pause"]> => ({
  contract: "pauseGuardian",
  method,
  args: () => [],
  run: (world, _call, from) => {
    world.guardian[method](from);
  },
  touched: (views) => [...views.pauses(), ...views.governed()],
});

/** What the guardian and the admin can do. */
export const controlActions: Actions<ControlKind> = {
  pause: paused("pause"),
  resume: paused("resume"),
  setRules: {
    contract: "market",
    method: "setRules",
    args: (_world, c) => [c.rules, c.marginPeriod],
    run: (world, c, from) => {
      world.market.setRules(from, c.rules, c.marginPeriod);
    },
    touched: (views) => views.governed(),
  },
  setSessionRules: {
    contract: "sessions",
    method: "setRules",
    args: (_world, c) => [c.rules, c.marginPeriod],
    run: (world, c, from) => {
      world.models.sessions.setRules(from, c.rules, c.marginPeriod);
    },
    touched: (views) => views.governed(),
  },
  setSchedulerRules: {
    contract: "scheduler",
    method: "setRules",
    args: (_world, c) => [c.rules],
    run: (world, c, from) => {
      world.models.schedules.setRules(from, c.rules);
    },
    touched: (views) => views.governed(),
  },
  setParameters: {
    contract: "staking",
    method: "setParameters",
    args: (_world, { parameters: p }) => [
      [p.leastOwnStake, p.leastDelegation, p.delegationRatio, p.signerRotationPeriod, p.commissionNoticePeriod],
    ],
    run: (world, c, from) => {
      world.staking.setParameters(from, c.parameters);
    },
    touched: (views) => [views.parameters()],
  },
  setRoyaltyNoticePeriod: {
    contract: "registry",
    method: "setRoyaltyNoticePeriod",
    args: (_world, c) => [c.period],
    run: (world, c, from) => {
      world.registry.setNoticePeriod(from, c.period);
    },
    touched: (views) => [views.noticePeriod()],
  },
};
