/** A node's door for sessions with the contracts behind it, which answers each input with itself. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

import {
  type Client,
  getSessionServing,
  type PackedSession,
  payloadRoot,
  sessionIdOf,
  signReceipt,
  signSessionConsent,
  unpackSession,
} from "../../packages/sdk/src/index.ts";
import { decodeInferRequest, encodeInferResponse, HEADER_LENGTH } from "../../packages/sdk/src/oip/index.ts";
import {
  readCallHeaders,
  readSessionText,
  RECEIPT_HEADER,
  writeConsent,
  writeReceipt,
} from "../../packages/sdk/src/session/index.ts";
import type { Operator } from "./actors.ts";
import { time } from "./network.ts";
import { CALL_PRICE, COLLATERAL, CONSENT_PERIOD } from "./sessions.ts";

export class SessionDoor {
  /** Why it wants no session. */
  refusal: string | undefined;
  /** Statuses with which it refuses the next calls. */
  readonly statuses: number[] = [];
  /** Before it says whether it wants a session. */
  hold: () => Promise<void> = () => Promise.resolve();
  /** Consents that it was asked for. */
  asked = 0;
  readonly #server = createServer((request, response) => {
    this.#answer(request, response).catch(() => response.destroy());
  });

  constructor(
    readonly client: Client,
    readonly operator: Operator,
    readonly versionId: string,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async listen(): Promise<this> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return this;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { client, versionId } = this;
    const { node, signer } = this.operator;
    const body = await buffer(request);
    if (request.url?.startsWith("/v1/offers/") === true) {
      const offer = { node, versionId, callPrice: String(CALL_PRICE), mostCollateral: String(COLLATERAL) };
      response.writeHead(200).end(JSON.stringify(offer));
      return;
    }
    if (request.url === "/v1/sessions") {
      this.asked += 1;
      await this.hold();
      const packed = readSessionText(body.toString());
      const refusal = this.refusal ?? (await this.#tooLate(packed));
      if (refusal !== undefined) {
        response.writeHead(422).end(JSON.stringify({ error: refusal }));
        return;
      }
      const sessionId = sessionIdOf(client, packed);
      const validUntil = (await time.latest()) + CONSENT_PERIOD;
      response.writeHead(200).end(writeConsent(await signSessionConsent(client, signer, sessionId, validUntil)));
      return;
    }
    const status = request.url === "/v1/receipts" ? 404 : this.statuses.shift(); // it keeps none
    if (status !== undefined) {
      response.writeHead(status).end(JSON.stringify({ error: "no" }));
      return;
    }
    const headers = new Headers(request.headers as Record<string, string>);
    const paid = readCallHeaders(headers);
    if (paid === undefined) throw new Error("Nobody pays");
    const { inputs } = decodeInferRequest(body, headers.get(HEADER_LENGTH));
    const root = payloadRoot(inputs);
    const receipt = await signReceipt(client, signer, {
      sessionId: paid.voucher.sessionId,
      sequence: paid.sequence,
      versionId,
      inputRoot: root,
      outputRoot: root,
      price: CALL_PRICE,
      issuedAt: Math.floor(Date.now() / 1_000),
    });
    const outputs = inputs.map((tensor) => ({ ...tensor, form: "binary" as const }));
    const message = encodeInferResponse({ model: versionId, version: "1", outputs });
    response.writeHead(200, { ...message.headers, [RECEIPT_HEADER]: writeReceipt(receipt) }).end(message.body);
  }

  /** As a node's daemon has it. */
  async #tooLate(packed: PackedSession): Promise<string | undefined> {
    const { client, versionId } = this;
    const { endsAt, rules } = unpackSession(packed);
    const serving = await getSessionServing(client, { node: this.operator.node, versionId });
    const latest = serving.endsAt - Number(rules.horizonPeriod);
    return endsAt > latest ? `The session must end by ${latest} (unix seconds).` : undefined;
  }
}
