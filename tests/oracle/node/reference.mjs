// One JSON line in, one JSON line out, in order.
//
// {"compose": [{"name", "sdl"}, ...]}        -> {"apollo": Verdict, "guild": Verdict}
// {"supergraph": SDL, "operations": [text]}  -> {"fetches": [[requests, fetches] or null, ...]}
//
// Verdict: {"codes", "messages", "hints": [...], "api", "supergraph": SDL or null}.
// Nothing of a reference's answer but these is looked at.
import { createInterface } from "node:readline";
import { composeServices as composeApollo } from "@apollo/composition";
import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from "@apollo/federation-internals";
import { composeServices as composeGuild } from "@theguild/federation-composition";
import { QueryPlanner } from "@graphql-hive/router-query-planner";
import { parse, printSchema } from "graphql";

function apiSchema(supergraphSdl) {
  const supportedFeatures = ROUTER_SUPPORTED_SUPERGRAPH_FEATURES;
  const supergraph = Supergraph.build(supergraphSdl, { supportedFeatures });
  return printSchema(supergraph.apiSchema().toGraphQLJSSchema());
}

function judge(compose, subgraphs) {
  try {
    const services = subgraphs.map(({ name, sdl }) => ({
      name,
      url: `http://${name}.example/`,
      typeDefs: parse(sdl),
    }));
    const result = compose(services);
    const errors = result.errors ?? [];
    return {
      codes: [...new Set(errors.map((each) => each.extensions?.code ?? "UNKNOWN"))].sort(),
      messages: errors.map((each) => each.message),
      hints: [...new Set((result.hints ?? []).map((each) => each.definition?.code ?? each.code))].sort(),
      api: errors.length ? null : apiSchema(result.supergraphSdl),
      supergraph: errors.length ? null : result.supergraphSdl,
    };
  } catch (error) {
    return { codes: [error.extensions?.code ?? "CRASH"], messages: [String(error)], hints: [], api: null, supergraph: null };
  }
}

function countFetches(node, batched) {
  if (!node) return 0;
  if (node.kind === "Fetch") return 1;
  // One request with several aliased _entities: counted as the fetches that it stands for.
  if (node.kind === "BatchFetch") return batched ? 1 : node.entityBatch.aliases.length;
  const below = [...(node.nodes ?? []), node.node, node.ifClause, node.elseClause];
  return below.reduce((sum, each) => sum + countFetches(each, batched), 0);
}

function plan({ supergraph, operations }) {
  const planner = new QueryPlanner(supergraph);
  return operations.map((text) => {
    try {
      const { node } = planner.plan(text, null, new Set(), 0);
      return [countFetches(node, true), countFetches(node, false)];
    } catch {
      return null;
    }
  });
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  const answer = asked.compose
    ? { apollo: judge(composeApollo, asked.compose), guild: judge(composeGuild, asked.compose) }
    : { fetches: plan(asked) };
  process.stdout.write(JSON.stringify(answer) + "\n");
}
