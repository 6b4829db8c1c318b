/** The addresses of pages, behind the `#`, and what opens them. */
const page =
  (folder: string) =>
  (id: string): string =>
    `/${folder}/${encodeURIComponent(id)}`;
const optional =
  (folder: string) =>
  (id?: string): string =>
    id === undefined ? `/${folder}` : page(folder)(id);

export const to = {
  home: () => "/",
  jobs: () => "/jobs",
  job: page("job"),
  result: page("result"),
  disputes: () => "/disputes",
  dispute: page("dispute"),
  models: () => "/models",
  model: page("model"),
  version: page("version"),
  nodes: () => "/nodes",
  node: page("node"),
  delegate: optional("delegate"),
  sessions: () => "/sessions",
  session: page("session"),
  schedules: () => "/schedules",
  schedule: page("schedule"),
  governance: () => "/governance",
  proposal: page("proposal"),
  network: () => "/network",
  playground: optional("playground"),
  account: () => "/account",
  verify: () => "/verify",
} as const;
