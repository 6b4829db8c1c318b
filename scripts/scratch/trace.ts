import { packOptimisticOrder } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { ethers } from "../../test/support/network.ts";
import { INPUT_URI } from "../../test/support/jobs.ts";
import { namedOrder, openOrder, offering, TestOffer } from "../../test/support/optimistic.ts";

const suite = await offering();
const { optimistic, requester, first } = suite;
async function run(open: boolean) {
  const request = await optimistic.connect(requester).request(packOptimisticOrder(open ? openOrder(suite) : namedOrder(suite)), INPUT_URI);
  const job = TestOffer.from(suite, await request.wait());
  const claim = open ? await job.reserve(first) : undefined;
  const answer = await job.answer(first);
  await job.endWindow();
  const settle = await job.settle();
  return { request, ...(claim ? { claim } : {}), answer, settle };
}
await run(false);
const names = new Map<string, string>();
for (const [k, v] of Object.entries(suite)) { if (v && typeof v === "object" && "getAddress" in v) { names.set((await (v as any).getAddress()).toLowerCase().slice(2), k); } }
const verbose = process.env["VERBOSE"];
for (const open of [false, true]) {
  for (const [name, tx] of Object.entries(await run(open))) {
    const receipt = await tx.wait();
    const trace: any = await ethers.provider.send("debug_traceTransaction", [tx.hash, { disableStorage: true, disableMemory: true }]);
    const data = ethers.getBytes(tx.data);
    const intrinsic = 21000 + data.reduce((s: number, b: number) => s + (b ? 16 : 4), 0);
    const logs = trace.structLogs;
    const sums = new Map<string, number>();
    const stack: string[] = ["market"];
    const detail: string[] = [];
    for (let i = 0; i < logs.length; i++) {
      const l = logs[i];
      const next = logs[i + 1];
      let cost = l.gasCost;
      if (/CALL$/.test(l.op)) {
        // cost of the call itself, without the gas handed on
        if (next && next.depth > l.depth) { cost = l.gas - next.gas; let j = i + 1; const end = logs.slice(i+1).find((x: any) => x.depth === l.depth); const inner = next.gas; const leftAfter = end.gas; cost = 0; 
          const target = l.stack[l.stack.length - 2].slice(-40);
          // account access
          const body = [] as number[]; void body; void inner; void leftAfter;
          stack.push(names.get(target) ?? target);
          let innerSum = 0; for (j = i + 1; logs[j].depth > l.depth; j++) if (logs[j].depth === l.depth + 1 && !/CALL$/.test(logs[j].op)) innerSum += logs[j].gasCost;
          cost = (l.gas - end.gas) - innerSum; 
          detail.push(`${l.op} ${stack.at(-1)} overhead ${cost} inner ${innerSum}`);
        }
      }
      while (stack.length > l.depth) stack.pop();
      const key = /SLOAD|SSTORE|LOG|TLOAD|TSTORE|CALL$|KECCAK/.test(l.op) ? l.op : "other";
      const where = names.get("x") ?? stack[l.depth - 1];
      sums.set(`${where}.${key}`, (sums.get(`${where}.${key}`) ?? 0) + cost);
      if (/SLOAD|SSTORE|LOG/.test(l.op)) detail.push(`${where} ${l.op} ${cost}`);
      if (/CALL$/.test(l.op)) stack.push((names.get(l.stack[l.stack.length - 2].slice(-40).toLowerCase()) ?? "?") );
    }
    console.log("==", open ? "open" : "named", name, receipt?.gasUsed, "intrinsic", intrinsic, "bytes", data.length, "nonzero", data.filter((b: number) => b).length);
    console.log([...sums].map(([k, v]) => `${k} ${v}`).join("\n"));
    if (verbose) console.log("  " + detail.join("\n  "));
  }
}
