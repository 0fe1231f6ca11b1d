// One JSON on stdin, one JSON on stdout: other routers over running subgraphs.
//
// {"subgraphs": [{"name", "url", "sdl"}], "operations": [{"query", "variables"}]}
//   -> {"apollo": [answer, ...], "hive": [answer, ...]}
//
// Each router composes with its own composer. Nothing of theirs but the answers is looked at.
import { text } from "node:stream/consumers";
import { composeServices as composeApollo } from "@apollo/composition";
import { ApolloGateway } from "@apollo/gateway";
import { createGatewayRuntime } from "@graphql-hive/gateway-runtime";
import { composeServices as composeGuild } from "@theguild/federation-composition";
import { parse } from "graphql";

function compose(composer, subgraphs) {
  const services = subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));
  const result = composer(services);
  if (result.errors?.length) throw new Error(result.errors.map((e) => e.message).join("\n"));
  return result.supergraphSdl;
}

async function underApollo(subgraphs, operations) {
  const logger = { debug() {}, info() {}, warn() {}, error: console.error };
  const gateway = new ApolloGateway({
    supergraphSdl: compose(composeApollo, subgraphs),
    logger,
  });
  const { schema, executor } = await gateway.load();
  const answers = [];
  for (const { query, variables } of operations) {
    answers.push(
      await executor({
        schema,
        document: parse(query),
        queryHash: query,
        request: { query, variables, http: { headers: new Headers() } },
        context: {},
        metrics: {},
        cache: new Map(),
        logger,
      }),
    );
  }
  await gateway.stop();
  return answers;
}

async function underHive(subgraphs, operations) {
  const gateway = createGatewayRuntime({
    supergraph: compose(composeGuild, subgraphs),
    logging: false,
    maskedErrors: false,
  });
  const answers = [];
  for (const operation of operations) {
    const response = await gateway.fetch("http://gateway.example/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(operation),
    });
    answers.push(await response.json());
  }
  return answers;
}

const { subgraphs, operations } = JSON.parse(await text(process.stdin));
const answers = {
  apollo: await underApollo(subgraphs, operations),
  hive: await underHive(subgraphs, operations),
};
process.stdout.write(JSON.stringify(answers) + "\n");
process.exit(0);
