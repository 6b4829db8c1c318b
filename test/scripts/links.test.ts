import { expect } from "chai";

import { runOn } from "./sandbox.ts";

describe("scripts/links.ts", () => {
  it("passes where every link leads to a file and to a heading, and asks nothing of the web or of code", () => {
    const readme = [
      "[guide](docs/guide.md#two-steps-1) [folder](docs) [web](https://example.invalid) [here](#top)",
      "# Top",
      "`[code](none.md)`",
      "```md\n[fenced](none.md)\n```",
    ];
    const guide = "# Guide\n## Two `steps`\n## [Two](../README.md) steps\n";
    expect(runOn("links", { "README.md": readme.join("\n"), "docs/guide.md": guide })).to.deep.equal({
      code: 0,
      lines: ["5 links in 2 documents, 0 of them broken"],
    });
  });

  it("fails and names every link that leads nowhere", () => {
    const files = {
      "AGENTS.md": "[a](docs/none.md)\n![b](docs/none.svg)\n\n[label]: docs/label.md\n",
      "docs/guide.md": "[c](../AGENTS.md#missing)\n",
      "llms.txt": "- [d](gone.md): what it was\n",
    };
    const { code, lines } = runOn("links", files);
    expect(code).to.equal(1);
    expect(lines).to.deep.equal([
      "AGENTS.md: (docs/none.md) leads nowhere: docs/none.md is not there",
      "AGENTS.md: (docs/none.svg) leads nowhere: docs/none.svg is not there",
      "AGENTS.md: (docs/label.md) leads nowhere: docs/label.md is not there",
      "docs/guide.md: (../AGENTS.md#missing) leads nowhere: AGENTS.md has no heading #missing",
      "llms.txt: (gone.md) leads nowhere: gone.md is not there",
      "5 links in 3 documents, 5 of them broken",
    ]);
  });
});
