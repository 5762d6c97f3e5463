/** The container's health check: exit code 0 when the hub says that it lives. */

const host = process.env['HOST'] || '0.0.0.0';
const isEveryAddress = host === '0.0.0.0' || host === '::';
const name = isEveryAddress ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
const address = `http://${name}:${process.env['PORT'] || 8082}/healthz`;

try {
  const answer = await fetch(address, { signal: AbortSignal.timeout(4_000) });
  if (!answer.ok) throw new Error(`it answers ${answer.status}`);
} catch (error) {
  console.error(`${address}: ${/** @type {Error} */ (error).message}`);
  process.exitCode = 1;
}
