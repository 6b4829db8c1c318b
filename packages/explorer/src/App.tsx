import { type ComponentType, lazy, type ReactNode, Suspense, useEffect, useRef } from "react";
import { Route, Switch, useLocation } from "wouter";

import { Frame } from "./parts/Frame.tsx";
import { Loading } from "./parts/Loading.tsx";
import { Page } from "./parts/Page.tsx";
import { PageBoundary } from "./parts/PageBoundary.tsx";
import { Empty } from "./parts/Empty.tsx";

interface PageProps {
  readonly params: { readonly id: string };
}
interface PageModule {
  readonly default: ComponentType<PageProps>;
}
const page = (load: () => Promise<PageModule>) => lazy(load);

const HomePage = page(() => import("./pages/home/HomePage.tsx"));
const JobsPage = page(() => import("./pages/jobs/JobsPage.tsx"));
const JobPage = page(() => import("./pages/job/JobPage.tsx"));
const ResultPage = page(() => import("./pages/result/ResultPage.tsx"));
const DisputesPage = page(() => import("./pages/dispute/DisputesPage.tsx"));
const DisputePage = page(() => import("./pages/dispute/DisputePage.tsx"));
const ModelsPage = page(() => import("./pages/models/ModelsPage.tsx"));
const ModelPage = page(() => import("./pages/models/ModelPage.tsx"));
const VersionPage = page(() => import("./pages/models/VersionPage.tsx"));
const NodesPage = page(() => import("./pages/nodes/NodesPage.tsx"));
const NodePage = page(() => import("./pages/nodes/NodePage.tsx"));
const DelegatePage = page(() => import("./pages/delegate/DelegatePage.tsx"));
const SessionsPage = page(() => import("./pages/sessions/SessionsPage.tsx"));
const SessionPage = page(() => import("./pages/sessions/SessionPage.tsx"));
const SchedulesPage = page(() => import("./pages/schedules/SchedulesPage.tsx"));
const SchedulePage = page(() => import("./pages/schedules/SchedulePage.tsx"));
const GovernancePage = page(() => import("./pages/governance/GovernancePage.tsx"));
const ProposalPage = page(() => import("./pages/governance/ProposalPage.tsx"));
const NetworkPage = page(() => import("./pages/network/NetworkPage.tsx"));
const PlaygroundPage = page(() => import("./pages/playground/PlaygroundPage.tsx"));
const AccountPage = page(() => import("./pages/account/AccountPage.tsx"));
const VerifyPage = page(() => import("./pages/verify/VerifyPage.tsx"));

const PAGES: readonly (readonly [path: string, page: ComponentType<PageProps>])[] = [
  ["/", HomePage],
  ["/jobs", JobsPage],
  ["/job/:id", JobPage],
  ["/result/:id", ResultPage],
  ["/disputes", DisputesPage],
  ["/dispute/:id", DisputePage],
  ["/models", ModelsPage],
  ["/model/:id", ModelPage],
  ["/version/:id", VersionPage],
  ["/nodes", NodesPage],
  ["/node/:id", NodePage],
  ["/delegate/:id?", DelegatePage],
  ["/sessions", SessionsPage],
  ["/session/:id", SessionPage],
  ["/schedules", SchedulesPage],
  ["/schedule/:id", SchedulePage],
  ["/governance", GovernancePage],
  ["/proposal/:id", ProposalPage],
  ["/network", NetworkPage],
  ["/playground/:id?", PlaygroundPage],
  ["/account", AccountPage],
  ["/verify", VerifyPage],
];

/** The frame, and in it the page that the address names. */
export function App(): ReactNode {
  const [location] = useLocation();
  useFocusOnMain(location);
  return (
    <Frame>
      <PageBoundary key={location}>
        <Suspense fallback={<Loading what="the page" />}>
          <Switch>
            {PAGES.map(([path, Shown]) => (
              <Route key={path} path={path}>
                {(params: Readonly<Record<string, string | undefined>>) => (
                  <Shown params={{ id: params["id"] ?? "" }} />
                )}
              </Route>
            ))}
            <Route>
              <Page title="Nothing here">
                <Empty>No page has this address. Search on the home page, or choose one above.</Empty>
              </Page>
            </Route>
          </Switch>
        </Suspense>
      </PageBoundary>
    </Frame>
  );
}

/** Who goes to another page with a keyboard or a screen reader begins at its content, not at the link that was followed. */
function useFocusOnMain(location: string): void {
  const seen = useRef(location);
  useEffect(() => {
    if (seen.current === location) return;
    seen.current = location;
    window.scrollTo(0, 0);
    document.getElementById("content")?.focus();
  }, [location]);
}
