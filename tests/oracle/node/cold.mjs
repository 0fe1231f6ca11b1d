// One JSON on stdin, one JSON on stdout: what composing, loading and planning cost the references.
//
// {"subgraphs": [{"name", "url", "sdl"}], "operations": {name: text}, "runs": 3}
//   -> {"apollo compose": [ms of CPU, first run first], ...}
//
// All threads count: the collector and the compiler of Node.js work beside the program.
import { text } from "node:stream/consumers";
import { composeServices as composeApollo } from "@apollo/composition";
import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph, operationFromDocument } from "@apollo/federation-internals";
import { QueryPlanner as ApolloPlanner } from "@apollo/query-planner";
import { QueryPlanner as HivePlanner } from "@graphql-hive/router-query-planner";
import { composeServices as composeGuild } from "@theguild/federation-composition";
import { parse } from "graphql";

const { subgraphs, operations, runs } = JSON.parse(await text(process.stdin));
const costs = {};

function measure(name, call) {
  let made;
  costs[name] = [];
  for (let run = 0; run < runs; run++) {
    const before = process.cpuUsage();
    made = call();
    const { user, system } = process.cpuUsage(before);
    costs[name].push((user + system) / 1000);
  }
  return made;
}

function composing(compose) {
  return () => {
    const services = subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));
    const result = compose(services);
    if (result.errors?.length) throw new Error(result.errors.map((each) => each.message).join("\n"));
    return result.supergraphSdl;
  };
}

const sdl = measure("apollo compose", composing(composeApollo));
measure("guild compose", composing(composeGuild));

const supportedFeatures = ROUTER_SUPPORTED_SUPERGRAPH_FEATURES;
const apollo = measure("apollo load", () => {
  const supergraph = Supergraph.build(sdl, { supportedFeatures });
  return { api: supergraph.apiSchema(), planner: new ApolloPlanner(supergraph) };
});
const hive = measure("hive load", () => new HivePlanner(sdl));

for (const [name, document] of Object.entries(operations)) {
  measure(`apollo plan ${name}`, () => {
    const operation = operationFromDocument(apollo.api, parse(document));
    return apollo.planner.buildQueryPlan(operation);
  });
  measure(`hive plan ${name}`, () => hive.plan(document, null, new Set(), 0));
}
process.stdout.write(JSON.stringify(costs) + "\n");
