import { useGraphiQL } from "@graphiql/react";
import { useEffect, useRef } from "react";

import { fill } from "./fill";
import { type Session, useSession } from "./session";

/**
 * Fills in what the session has learnt, in each tab when it comes to the front: GraphiQL has one
 * set of editors, which it hands from tab to tab. Once per tab and piece of news, so that what
 * somebody types over it stays.
 */
export function Filler() {
  const session = useSession();
  const { tab, query, variables, headers } = useGraphiQL((state) => ({
    tab: state.tabs[state.activeTabIndex]?.id,
    query: state.queryEditor,
    variables: state.variableEditor,
    headers: state.headerEditor,
  }));
  const filled = useRef(new Map<string, Session>());

  useEffect(() => {
    if (!tab || !query || !variables || !headers) return;
    if (filled.current.get(tab) === session) return;
    filled.current.set(tab, session);
    const contents = {
      query: query.getValue(),
      variables: variables.getValue(),
      headers: headers.getValue(),
    };
    const news = fill(contents, session);
    if (news.variables !== contents.variables) variables.setValue(news.variables);
    if (news.headers !== contents.headers) headers.setValue(news.headers);
  }, [session, tab, query, variables, headers]);

  return null;
}
