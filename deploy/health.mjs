// Exits with 0 while the server of this container answers.
const port = process.env.PORT ?? process.env.SERVER_PORT ?? '5000';
const answer = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(2_000) }).catch(
  () => undefined,
);
process.exitCode = answer?.ok ? 0 : 1;
