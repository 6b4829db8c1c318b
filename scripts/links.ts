/**
 * Proves that every link from one document of the repository to another leads to a file that is there, and to a heading
 * that it has. Links to the web are not followed.
 *
 *   npm run links
 */
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

const DOCUMENTS = ["*.md", "llms.txt", "{.changeset,docs,examples}/**/*.md", "packages/*/{*.md,docs/**/*.md}"];
const FENCE = /^( *)(`{3,}|~{3,})[^\n]*\n[^]*?\n\1\2 *$/gm;
const CODE = /`[^`\n]+`/g;
/** `[text](target)`, `![text](target "title")` and `[label]: target`. */
const LINK = /\]\(<?([^\s)>]+)>?(?:\s+"[^"]*")?\)|^\[[^\]]+\]:\s+(\S+)/gm;
const HEADING = /^#{1,6}\s+(.+)$/gm;
const WEB = /^[a-z][a-z+.-]*:/i;

interface Link {
  readonly document: string;
  readonly target: string;
}

const proseOf = (document: string): string => readFileSync(document, "utf8").replaceAll(FENCE, "");

function linksIn(document: string): Link[] {
  const prose = proseOf(document).replaceAll(CODE, "");
  return [...prose.matchAll(LINK)].map(([, inline, labelled]) => ({ document, target: inline ?? labelled ?? "" }));
}

/** The names under which a page's headings are linked to, as GitHub makes them. */
function anchorsIn(document: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of proseOf(document).matchAll(HEADING)) {
    const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const name = text.replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(/\s/g, "-");
    let anchor = name;
    for (let i = 1; anchors.has(anchor); i += 1) anchor = `${name}-${i}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** What is wrong with a link; undefined if nothing is. */
function faultOf({ document, target }: Link): string | undefined {
  if (WEB.test(target)) return undefined;
  const [path = "", anchor] = decodeURI(target).split("#");
  const file = path === "" ? document : join(dirname(document), path);
  if (!existsSync(file)) return `${file} is not there`;
  if (anchor === undefined || !file.endsWith(".md") || statSync(file).isDirectory()) return undefined;
  return anchorsIn(file).has(anchor) ? undefined : `${file} has no heading #${anchor}`;
}

const documents = globSync(DOCUMENTS, { exclude: ["**/node_modules/**"] }).sort();
const links = documents.flatMap(linksIn);
if (links.length === 0) throw new Error("No links were found");
const broken = links.flatMap((link) => {
  const fault = faultOf(link);
  return fault === undefined ? [] : [`${link.document}: (${link.target}) leads nowhere: ${fault}`];
});
for (const line of broken) console.error(line);
console.log(`${links.length} links in ${documents.length} documents, ${broken.length} of them broken`);
if (broken.length > 0) process.exitCode = 1;
