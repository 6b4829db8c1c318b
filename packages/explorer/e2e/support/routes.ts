import { to } from "../../src/routes.ts";
import type { Content } from "./content.ts";

/** Every page, under a name for pictures. */
export const routesOf = (content: Content): Readonly<Record<string, string>> => ({
  home: to.home(),
  jobs: to.jobs(),
  job: to.job(content.job),
  result: to.result(content.job),
  disputes: to.disputes(),
  models: to.models(),
  model: to.model(content.model),
  version: to.version(content.version),
  nodes: to.nodes(),
  node: to.node(content.node),
  delegate: to.delegate(),
  "delegate-node": to.delegate(content.node),
  sessions: to.sessions(),
  schedules: to.schedules(),
  schedule: to.schedule(content.schedule),
  governance: to.governance(),
  proposal: to.proposal(content.proposal),
  network: to.network(),
  playground: to.playground(),
  "playground-version": to.playground(content.version),
  account: to.account(),
  verify: to.verify(),
  nowhere: "/nowhere",
  "unknown-job": to.job(`0x${"12".repeat(32)}`),
  "unknown-dispute": to.dispute("0x34"),
  "unknown-session": to.session(`0x${"56".repeat(32)}`),
});
