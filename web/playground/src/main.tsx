import "./workers";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "@graphiql/react/style.css";
import "graphiql/graphiql.css";
import "./style.css";

import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { GraphiQL } from "graphiql";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { Filler } from "./Filler";
import { fetcher } from "./fetcher";
import { PANEL } from "./panel";
import { storage } from "./storage";
import { HEADERS, TABS } from "./tabs";

const PLUGINS = [PANEL, HISTORY_PLUGIN];

const root = document.getElementById("playground");
if (!root) throw new Error("the page has no place for the playground");

createRoot(root).render(
  <StrictMode>
    <GraphiQL
      fetcher={fetcher}
      storage={storage}
      plugins={PLUGINS}
      visiblePlugin={PANEL}
      defaultTabs={[...TABS]}
      defaultHeaders={HEADERS}
      // The first tab is opened before its variables are read from `defaultTabs`.
      initialVariables={TABS[0].variables}
      initialHeaders={TABS[0].headers}
      defaultEditorToolsVisibility="variables"
      shouldPersistHeaders={false}
      showPersistHeadersSettings={false}
    >
      <GraphiQL.Logo>Countersign</GraphiQL.Logo>
      <Filler />
    </GraphiQL>
  </StrictMode>,
);
