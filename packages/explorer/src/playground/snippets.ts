/** Code that orders the same elsewhere. What strangers have written gets in only as JSON inside of shell quotes. */
import { type Addresses, formatOpg, type Tensor, type TensorSpec } from "@opg-protocol/sdk";
import { ModelRegistryAbi } from "@opg-protocol/sdk/abi/ModelRegistry";
import { Interface, ZeroAddress } from "ethers";

import { valuesOf } from "../pages/result/tensorValues.ts";
import type { ChosenTerms } from "./choice.ts";

/** What the code is about. */
export interface SnippetSubject {
  readonly chainId: number;
  readonly startBlock: number;
  readonly addresses: Addresses;
  readonly rpcUrl: string;
  readonly versionId: string;
  readonly chosen: ChosenTerms;
  /** Undefined as long as no input was made. */
  readonly tensors: readonly Tensor[] | undefined;
  readonly inputs: readonly TensorSpec[];
  /** What the quote says that an order must name; undefined as long as there is none. */
  readonly quoted: QuotedTerms | undefined;
  /** Base URL of a node, as its operator has written it. */
  readonly nodeUrl: string | undefined;
}

/** What of an order follows from its quote. */
export interface QuotedTerms {
  /** OPG, base units. */
  readonly royalty: bigint;
  /** Of an order of several nodes. */
  readonly collateralFactor: number;
  /** Seconds; zero without a referee. */
  readonly windowPeriod: number;
}

/** Numbers beyond this are left out of code. */
const MOST_NUMBERS = 1024;
const PLACEHOLDER_NODE = "https://node.example";

/** Orders and waits, with the SDK. */
export function typescriptOf(subject: SnippetSubject): string {
  const { chosen } = subject;
  const [quote, request, wait] =
    chosen.market === "market"
      ? ["quoteOrder", "requestInference", "waitForResult"]
      : ["quoteOptimistic", "requestOptimistic", "getAnswer"];
  const deposit = chosen.market === "market" ? "depositWithPermit" : "depositOptimisticWithPermit";
  const imports = ["createClient", deposit, "parseOpg", quote, request, wait].sort();
  return `import { ${imports.join(", ")} } from "@opg-protocol/sdk";
import { JsonRpcProvider, Wallet } from "ethers";

const { PRIVATE_KEY = "" } = process.env;
const provider = new JsonRpcProvider(${JSON.stringify(subject.rpcUrl)}, undefined, { cacheTimeout: -1 });
const signer = new Wallet(PRIVATE_KEY, provider);
const client = await createClient({ provider, signer, ...${deploymentText(subject)} });

const terms = ${termsText(subject)};
const quote = await ${quote}(client, terms);
await ${deposit}(client, { amount: quote.escrow });

const input = { tensors: [${(subject.tensors ?? []).map(tensorText).join(", ")}] };
${
  chosen.market === "market"
    ? `const collateralFactor = quote.leastCollateralFactor;
const order = { ...terms, collateralFactor, maxRoyalty: quote.royalty, input };
const { jobId } = await ${request}(client, order);
console.log(await ${wait}(client, { jobId }));`
    : `const { jobId, packed: job } = await ${request}(client, { ...terms, maxRoyalty: quote.royalty, input });
let answer = await ${wait}(client, { job, attempt: 0 });
while (answer === undefined) {
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  answer = await ${wait}(client, { job, attempt: 0 });
}
console.log(jobId, answer); // stands unless it is proven false until answer.disputableUntil`
}
`;
}

/** A contract that orders and takes the result. */
export function solidityOf({ addresses, chosen, versionId, quoted }: SnippetSubject): string {
  const isDrawn = chosen.market === "market";
  const type = isDrawn ? "ReplicatedTerms" : "OptimisticTerms";
  const market = isDrawn
    ? `IInferenceMarketplace(${addresses.market}), IOptimisticMarketplace(address(0))`
    : `IInferenceMarketplace(address(0)), IOptimisticMarketplace(${addresses.optimistic})`;
  return `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {InferenceConsumer} from "@opg-protocol/contracts/consumer/InferenceConsumer.sol";
import {IInferenceMarketplace} from "@opg-protocol/contracts/interfaces/IInferenceMarketplace.sol";
import {IOptimisticMarketplace} from "@opg-protocol/contracts/interfaces/IOptimisticMarketplace.sol";
import {TermsLib} from "@opg-protocol/contracts/libraries/TermsLib.sol";
import {Inference, ${type}} from "@opg-protocol/contracts/types/ConsumerTypes.sol";
import {JobId} from "@opg-protocol/contracts/types/JobTypes.sol";
import {VersionId} from "@opg-protocol/contracts/types/ModelTypes.sol";
import {Tensor} from "@opg-protocol/contracts/types/PayloadTypes.sol";

/// Orders are paid out of what somebody has deposited for this contract in the market.
contract MyConsumer is InferenceConsumer {
    VersionId private constant MODEL = VersionId.wrap(${versionId});

    mapping(JobId jobId => bytes) public outputOf;

    constructor() InferenceConsumer(${market}) {}

    function ask(Tensor[] calldata input) external returns (JobId) {
        ${type} memory terms;
        terms.versionId = MODEL;
${solidityTerms(chosen, quoted)}
        (terms.maxRoyalty, terms.deliveryTip) = (${ether(quoted?.royalty ?? 0n)}, 0.05 ether);
        terms.callbackGas = 200_000;
        terms.acceptUntil = uint48(block.timestamp + 1 days);
        return _requestInference(terms, TermsLib.inPlace(input));
    }

    function _onInference(Inference memory result) internal override {
        outputOf[result.jobId] = result.outputs[0].data;
    }
}
`;
}

/** What can be asked without a key: a node's own answer, which no stake stands behind, and the bytes of an output. */
export function curlOf({ nodeUrl, versionId, inputs, tensors, rpcUrl, addresses }: SnippetSubject): string {
  // As the URL standard writes it: control characters of its operator would reach a terminal, past all quotes.
  const base = (URL.parse(nodeUrl ?? "")?.href ?? PLACEHOLDER_NODE).replace(/\/+$/, "");
  const body = {
    inputs: inputs.map((spec, index) => {
      const tensor = tensors?.[index];
      return {
        name: spec.name,
        shape: tensor?.shape ?? spec.shape,
        datatype: DATATYPES[spec.dtype] ?? "UINT8",
        data: tensor === undefined ? [] : valuesOf(tensor, MOST_NUMBERS),
      };
    }),
  };
  const infer = shellQuoted(`${base}/v2/models/${versionId}/infer`);
  const data = new Interface(ModelRegistryAbi).encodeFunctionData("quote", [versionId, ZeroAddress]);
  const call = { jsonrpc: "2.0", id: 1, method: "eth_call", params: [{ to: addresses.registry, data }, "latest"] };
  return `# Inputs and outputs of the version, as a node serves it
curl -s ${shellQuoted(`${base}/v2/models/${versionId}`)}

# Its answer over HTTP, if it answers callers without a session: no stake stands behind it
curl -s ${infer} -H 'content-type: application/json' \\
  -d ${shellQuoted(asciiJson(body))}

# The bytes of an output that was stated on chain, by its root
curl -s -o output.bin ${shellQuoted(`${base}/v1/outputs/`)}"$OUTPUT_ROOT"

# What the model's owner asks, in base units of OPG: the first of three words
curl -s ${shellQuoted(rpcUrl)} -H 'content-type: application/json' \\
  -d ${shellQuoted(asciiJson(call))}
`;
}

/** As the Open Inference Protocol names element types. */
const DATATYPES: Readonly<Record<number, string>> = {
  1: "FP32",
  2: "UINT8",
  3: "INT8",
  4: "UINT16",
  5: "INT16",
  6: "INT32",
  7: "INT64",
  9: "BOOL",
  11: "FP64",
  12: "UINT32",
  13: "UINT64",
};

/** Text as one word of a shell, whatever is in it. */
export const shellQuoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** JSON without characters that look like others or that are not to be seen. */
const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll(/[^\x20-\x7e]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });

function deploymentText({ chainId, startBlock, addresses }: SnippetSubject): string {
  return JSON.stringify({ chainId, startBlock, addresses }, null, 2);
}

function termsText({ chosen, versionId }: SnippetSubject): string {
  const fields = Object.entries(chosen.terms)
    .filter(([name]) => name !== "versionId" && name !== "collateralFactor")
    .map(([name, value]) => `  ${name}: ${valueCode(value)},`);
  const factor = chosen.market === "market" ? ["  collateralFactor: 0, // the quote says the least"] : [];
  return ["{", `  versionId: ${JSON.stringify(versionId)},`, ...fields, ...factor, "}"].join("\n");
}

const valueCode = (value: unknown): string =>
  typeof value === "bigint" ? `parseOpg("${formatOpg(value)}")` : JSON.stringify(value);

function tensorText({ dtype, shape, data }: Tensor): string {
  const bytes = data.length > MOST_NUMBERS ? `/* ${data.length} bytes */` : data.join(", ");
  return `{ dtype: ${dtype}, shape: [${shape.join(", ")}], data: Uint8Array.of(${bytes}) }`;
}

const ether = (amount: bigint): string => (amount === 0n ? "0" : `${formatOpg(amount)} ether`);

function solidityTerms(chosen: ChosenTerms, quoted: QuotedTerms | undefined): string {
  if (chosen.market === "market") {
    const { quorum, seatPrice, sealPeriod, auditBps = 0 } = chosen.terms;
    return `        (terms.quorum, terms.seatPrice) = (${quorum}, ${ether(seatPrice)});
        (terms.collateralFactor, terms.sealPeriod) = (${quoted?.collateralFactor ?? 32}, ${sealPeriod});
        (terms.auditBps, terms.windowPeriod) = (${auditBps}, ${quoted?.windowPeriod ?? 0});`;
  }
  const { price, node, answerPeriod, windowPeriod, valueAtStake = 0, auditBps = 0 } = chosen.terms;
  const { lowestPrice = 0n, auctionRamp = 0 } = chosen.terms;
  const who =
    node === undefined
      ? `(terms.lowestPrice, terms.auctionRamp) = (${ether(lowestPrice)}, ${auctionRamp});`
      : `terms.node = ${node};`;
  return `        ${who}
        terms.price = ${ether(price)};
        (terms.answerPeriod, terms.windowPeriod) = (${answerPeriod}, ${windowPeriod});
        (terms.valueAtStake, terms.auditBps) = (${valueAtStake}, ${auditBps});`;
}
