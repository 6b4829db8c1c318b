import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { flowNames, indexFlows } from "../../src/parts/charts/flows.ts";

const nodes = ["requester", "escrow", "node", "owner"].map((id) => ({ id, label: id.toUpperCase() }));

describe("charts: flows", () => {
  it("leaves out what does not flow, and names links by places", () => {
    const links = [
      { from: "requester", to: "escrow", value: 5 },
      { from: "escrow", to: "owner", value: 0 },
      { from: "escrow", to: "node", value: 5 },
    ];
    assert.deepEqual(indexFlows(nodes, links), {
      nodes: [{ name: "REQUESTER" }, { name: "ESCROW" }, { name: "NODE" }],
      links: [
        { source: 0, target: 1, value: 5 },
        { source: 1, target: 2, value: 5 },
      ],
    });
    assert.deepEqual(flowNames(nodes, links)[0], { label: "REQUESTER → ESCROW", value: 5 });
  });

  it("refuses a circle, which cannot be laid out", () => {
    const links = [
      { from: "escrow", to: "node", value: 1 },
      { from: "node", to: "escrow", value: 1 },
    ];
    assert.equal(indexFlows(nodes, links), undefined);
  });

  it("refuses what flows to itself", () => {
    assert.equal(indexFlows(nodes, [{ from: "node", to: "node", value: 1 }]), undefined);
  });
});
