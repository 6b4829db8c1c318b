import { Contract, type ContractRunner, Interface } from "ethers";

import { AccessManagerAbi } from "./abi/AccessManager.ts";
import { AuditRosterAbi } from "./abi/AuditRoster.ts";
import { DisputeGameAbi } from "./abi/DisputeGame.ts";
import { DistributionAbi } from "./abi/Distribution.ts";
import { InferenceLensAbi } from "./abi/InferenceLens.ts";
import { InferenceMarketplaceAbi } from "./abi/InferenceMarketplace.ts";
import { InferenceSessionsAbi } from "./abi/InferenceSessions.ts";
import { MandatesAbi } from "./abi/Mandates.ts";
import { JobChainAbi } from "./abi/JobChain.ts";
import { JobRelayAbi } from "./abi/JobRelay.ts";
import { JobSchedulerAbi } from "./abi/JobScheduler.ts";
import { ModelRegistryAbi } from "./abi/ModelRegistry.ts";
import { NodeStakingAbi } from "./abi/NodeStaking.ts";
import { OPGGovernorAbi } from "./abi/OPGGovernor.ts";
import { OPGTimelockAbi } from "./abi/OPGTimelock.ts";
import { OPGTokenAbi } from "./abi/OPGToken.ts";
import { OptimisticLensAbi } from "./abi/OptimisticLens.ts";
import { OptimisticMarketplaceAbi } from "./abi/OptimisticMarketplace.ts";
import { OptimisticPolicyAbi } from "./abi/OptimisticPolicy.ts";
import { PauseGuardianAbi } from "./abi/PauseGuardian.ts";
import { PriceBookAbi } from "./abi/PriceBook.ts";
import { ReceiptBookAbi } from "./abi/ReceiptBook.ts";
import { RefereedPolicyAbi } from "./abi/RefereedPolicy.ts";
import { ReplicationPolicyAbi } from "./abi/ReplicationPolicy.ts";
import { ResultCommitmentsAbi } from "./abi/ResultCommitments.ts";
import { SessionLensAbi } from "./abi/SessionLens.ts";
import type { Addresses } from "./addresses.ts";
import type {
  AccessManager,
  AuditRoster,
  DisputeGame,
  Distribution,
  InferenceLens,
  InferenceMarketplace,
  InferenceSessions,
  Mandates,
  JobChain,
  JobRelay,
  JobScheduler,
  ModelRegistry,
  NodeStaking,
  OPGGovernor,
  OPGTimelock,
  OPGToken,
  OptimisticLens,
  OptimisticMarketplace,
  OptimisticPolicy,
  PauseGuardian,
  PriceBook,
  ReceiptBook,
  RefereedPolicy,
  ReplicationPolicy,
  ResultCommitments,
  SessionLens,
} from "./ethers/index.ts";

/** The contracts of one deployment, typed by the bindings. */
export interface Contracts {
  readonly token: OPGToken;
  readonly access: AccessManager;
  readonly mandates: Mandates;
  readonly registry: ModelRegistry;
  readonly staking: NodeStaking;
  readonly commitments: ResultCommitments;
  readonly policy: ReplicationPolicy;
  readonly refereedPolicy: RefereedPolicy;
  readonly disputes: DisputeGame;
  readonly auditRoster: AuditRoster;
  readonly optimisticPolicy: OptimisticPolicy;
  readonly optimistic: OptimisticMarketplace;
  readonly receipts: ReceiptBook;
  readonly sessions: InferenceSessions;
  readonly prices: PriceBook;
  readonly sessionLens: SessionLens;
  readonly scheduler: JobScheduler;
  readonly jobChain: JobChain;
  readonly inferenceLens: InferenceLens;
  readonly optimisticLens: OptimisticLens;
  readonly market: InferenceMarketplace;
  readonly relay: JobRelay;
  readonly timelock: OPGTimelock;
  readonly governor: OPGGovernor;
  readonly pauseGuardian: PauseGuardian;
  readonly distribution: Distribution;
}

/** The ABI of each contract, parsed and typed by the bindings. */
export const interfaces = {
  token: new Interface(OPGTokenAbi),
  access: new Interface(AccessManagerAbi),
  mandates: new Interface(MandatesAbi),
  registry: new Interface(ModelRegistryAbi),
  staking: new Interface(NodeStakingAbi),
  commitments: new Interface(ResultCommitmentsAbi),
  policy: new Interface(ReplicationPolicyAbi),
  refereedPolicy: new Interface(RefereedPolicyAbi),
  disputes: new Interface(DisputeGameAbi),
  auditRoster: new Interface(AuditRosterAbi),
  optimisticPolicy: new Interface(OptimisticPolicyAbi),
  optimistic: new Interface(OptimisticMarketplaceAbi),
  receipts: new Interface(ReceiptBookAbi),
  sessions: new Interface(InferenceSessionsAbi),
  prices: new Interface(PriceBookAbi),
  sessionLens: new Interface(SessionLensAbi),
  scheduler: new Interface(JobSchedulerAbi),
  jobChain: new Interface(JobChainAbi),
  inferenceLens: new Interface(InferenceLensAbi),
  optimisticLens: new Interface(OptimisticLensAbi),
  market: new Interface(InferenceMarketplaceAbi),
  relay: new Interface(JobRelayAbi),
  timelock: new Interface(OPGTimelockAbi),
  governor: new Interface(OPGGovernorAbi),
  pauseGuardian: new Interface(PauseGuardianAbi),
  distribution: new Interface(DistributionAbi),
} satisfies Record<keyof Contracts, Interface> as unknown as {
  readonly [Name in keyof Contracts]: Contracts[Name]["interface"];
};

/**
 * Connects to the contracts. Only the types of the bindings are used: their factories would bring the bytecode of every
 * contract into a page.
 */
export function connectContracts(addresses: Addresses, runner: ContractRunner): Contracts {
  const connect = (name: keyof Contracts): unknown => new Contract(addresses[name], interfaces[name], runner);
  return {
    token: connect("token") as OPGToken,
    access: connect("access") as AccessManager,
    mandates: connect("mandates") as Mandates,
    registry: connect("registry") as ModelRegistry,
    staking: connect("staking") as NodeStaking,
    commitments: connect("commitments") as ResultCommitments,
    policy: connect("policy") as ReplicationPolicy,
    refereedPolicy: connect("refereedPolicy") as RefereedPolicy,
    disputes: connect("disputes") as DisputeGame,
    auditRoster: connect("auditRoster") as AuditRoster,
    optimisticPolicy: connect("optimisticPolicy") as OptimisticPolicy,
    optimistic: connect("optimistic") as OptimisticMarketplace,
    receipts: connect("receipts") as ReceiptBook,
    sessions: connect("sessions") as InferenceSessions,
    prices: connect("prices") as PriceBook,
    sessionLens: connect("sessionLens") as SessionLens,
    scheduler: connect("scheduler") as JobScheduler,
    jobChain: connect("jobChain") as JobChain,
    inferenceLens: connect("inferenceLens") as InferenceLens,
    optimisticLens: connect("optimisticLens") as OptimisticLens,
    market: connect("market") as InferenceMarketplace,
    relay: connect("relay") as JobRelay,
    timelock: connect("timelock") as OPGTimelock,
    governor: connect("governor") as OPGGovernor,
    pauseGuardian: connect("pauseGuardian") as PauseGuardian,
    distribution: connect("distribution") as Distribution,
  };
}
