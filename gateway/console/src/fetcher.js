// Sends operations to the gateway and tells what each source did for the last one.
// Completeness and source calls are asked for by the request's extensions; they are shown beside
// the answer and taken out of it, so that the answer reads as the client's would.

export function createFetcher(url, onReport) {
  return async (parameters, options) => {
    const isIntrospection = parameters.operationName === "IntrospectionQuery";
    const started = performance.now();
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/graphql-response+json",
        ...(options?.headers ?? {}),
      },
      body: JSON.stringify({
        ...parameters,
        extensions: isIntrospection ? undefined : { completeness: true, sourceCalls: true },
      }),
    });
    const answer = await response.json();
    if (!isIntrospection) {
      onReport({
        status: response.status,
        milliseconds: performance.now() - started,
        completeness: answer.extensions?.completeness ?? null,
        sourceCalls: answer.extensions?.sourceCalls ?? [],
      });
    }
    return answer;
  };
}
