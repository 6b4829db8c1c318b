import { AccessManagerAbi } from "@opg-protocol/sdk/abi/AccessManager";
import { AuditRosterAbi } from "@opg-protocol/sdk/abi/AuditRoster";
import { DisputeGameAbi } from "@opg-protocol/sdk/abi/DisputeGame";
import { DistributionAbi } from "@opg-protocol/sdk/abi/Distribution";
import { InferenceMarketplaceAbi } from "@opg-protocol/sdk/abi/InferenceMarketplace";
import { InferenceSessionsAbi } from "@opg-protocol/sdk/abi/InferenceSessions";
import { JobChainAbi } from "@opg-protocol/sdk/abi/JobChain";
import { JobRelayAbi } from "@opg-protocol/sdk/abi/JobRelay";
import { JobSchedulerAbi } from "@opg-protocol/sdk/abi/JobScheduler";
import { MandatesAbi } from "@opg-protocol/sdk/abi/Mandates";
import { ModelRegistryAbi } from "@opg-protocol/sdk/abi/ModelRegistry";
import { NodeStakingAbi } from "@opg-protocol/sdk/abi/NodeStaking";
import { OPGGovernorAbi } from "@opg-protocol/sdk/abi/OPGGovernor";
import { OPGTimelockAbi } from "@opg-protocol/sdk/abi/OPGTimelock";
import { OPGTokenAbi } from "@opg-protocol/sdk/abi/OPGToken";
import { OptimisticMarketplaceAbi } from "@opg-protocol/sdk/abi/OptimisticMarketplace";
import { PauseGuardianAbi } from "@opg-protocol/sdk/abi/PauseGuardian";
import { PriceBookAbi } from "@opg-protocol/sdk/abi/PriceBook";
import { ReceiptBookAbi } from "@opg-protocol/sdk/abi/ReceiptBook";
import { ResultCommitmentsAbi } from "@opg-protocol/sdk/abi/ResultCommitments";
import type { Abi } from "viem";

/** The contracts that emit events, by their names in a deployment. */
export const ABIS = {
  token: OPGTokenAbi,
  access: AccessManagerAbi,
  mandates: MandatesAbi,
  registry: ModelRegistryAbi,
  staking: NodeStakingAbi,
  commitments: ResultCommitmentsAbi,
  disputes: DisputeGameAbi,
  auditRoster: AuditRosterAbi,
  optimistic: OptimisticMarketplaceAbi,
  receipts: ReceiptBookAbi,
  sessions: InferenceSessionsAbi,
  prices: PriceBookAbi,
  scheduler: JobSchedulerAbi,
  jobChain: JobChainAbi,
  market: InferenceMarketplaceAbi,
  relay: JobRelayAbi,
  timelock: OPGTimelockAbi,
  governor: OPGGovernorAbi,
  pauseGuardian: PauseGuardianAbi,
  distribution: DistributionAbi,
} as const satisfies Readonly<Record<string, Abi>>;

/** A contract that emits events. */
export type ContractName = keyof typeof ABIS;

/** All of them. */
export const CONTRACT_NAMES = Object.keys(ABIS) as ContractName[];
