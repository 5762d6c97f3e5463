/** A small website that behaves, or misbehaves on purpose; the path says how. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A running website. */
export interface WebSite extends AsyncDisposable {
  /** Without a slash at the end. */
  url: string;
  port: number;
  /** What was asked, such as `/normal`. */
  paths: string[];
  headers: IncomingMessage['headers'][];
}

type Answer = (request: IncomingMessage, response: ServerResponse, url: URL) => void;

const page = (body: string, title = 'Sample'): string =>
  `<!doctype html><html><head><title>${title}</title><link rel="icon" href="data:,"></head>` +
  `<body style="margin:0;background:#fff">${body}</body></html>`;

const html =
  (body: string, title?: string): Answer =>
  (_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(page(body, title));
  };

const redirect =
  (location: string): Answer =>
  (_request, response) =>
    void response.writeHead(302, { location }).end();

const BOX =
  '<div id="box" style="position:absolute;left:40px;top:50px;width:120px;height:60px;background:#f00"></div>';
const BANNER = '<div class="banner" style="position:fixed;inset:0;background:#00f;z-index:9">cookies?</div>';

const MODES: Record<string, Answer> = {
  '/normal': html('<h1>Hello</h1>', 'A sample page'),
  '/long-title': html('x', 't'.repeat(1000)),
  '/element': html(BOX),
  '/banner': html(`${BOX}${BANNER}`),
  '/tall': html('<div style="height:20000px;background:linear-gradient(#fff,#000)"></div>'),
  '/colours': html(
    '<style>body{background:#fff}@media(prefers-color-scheme:dark){body{background:#000!important}}</style>',
  ),
  '/dialog': html(
    '<script>for(let i=0;i<3;i++)alert("stop");confirm("x");prompt("y");document.title="past dialogs"</script>',
  ),
  '/popups': html(
    '<script>setInterval(()=>window.open("/normal?popup"),20);const a=document.createElement("a");a.href="/normal?link";a.target="_blank";a.click()</script>popups',
    'Popups',
  ),
  '/hang': html('<script>addEventListener("load",()=>{for(;;);})</script>'),
  '/busy': html(
    '<p id="n"></p><script>let n=0;setInterval(()=>{document.getElementById("n").textContent=n++},50)</script>',
  ),
  '/late': html('<script>setTimeout(()=>{document.body.innerHTML+=`<b id="late">late</b>`},300)</script>'),
  '/moves': html('<script>setTimeout(()=>{location="/normal"},50)</script>'),
  '/download': (_request, response) => {
    response.setHeader('content-disposition', 'attachment; filename=x.bin');
    response.setHeader('content-type', 'application/octet-stream');
    response.end('x');
  },
  '/error': (_request, response) =>
    void response.writeHead(500, { 'content-type': 'text/html' }).end(page('broken')),
  '/endless': (_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(16_384, 'x')));
    };
    response.on('drain', more);
    more();
  },
  '/never': () => undefined,
  '/cut': request => request.socket.destroy(),
  '/slow': (request, response, url) =>
    void setTimeout(() => html('slow', 'Slow')(request, response, url), 300),
  '/loop': redirect('/loop'),
  '/to-file': redirect('file:///etc/passwd'),
  '/to-metadata': redirect('http://169.254.169.254/latest/meta-data/'),
  '/to': (request, response, url) => redirect(url.searchParams.get('url') ?? '/')(request, response, url),
  '/frame': (request, response, url) => {
    const to = url.searchParams.get('url') ?? '';
    html(
      `<iframe src="${to}/iframe"></iframe><img src="${to}/image"><script>
       fetch("${to}/fetch",{mode:"no-cors"}).catch(()=>0);
       fetch("/to?url=${encodeURIComponent(`${to}/redirected`)}",{mode:"no-cors"}).catch(()=>0);
       try{new WebSocket("${to.replace('http', 'ws')}/socket")}catch{}
       navigator.sendBeacon("${to}/beacon","x")</script>framed`,
      'Framed',
    )(request, response, url);
  },
  '/login': (request, response, url) => {
    const expected = `Basic ${Buffer.from('me:p@ss:word').toString('base64')}`;
    if (request.headers.authorization === expected) return html('inside', 'Inside')(request, response, url);
    response.writeHead(401, { 'www-authenticate': 'Basic realm="sample"', 'content-type': 'text/html' });
    response.end(page('who are you?', 'Login'));
  },
};

/** Serves on loopback. */
export async function startWebSite(): Promise<WebSite> {
  const paths: string[] = [];
  const headers: IncomingMessage['headers'][] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? '');
    headers.push(request.headers);
    const url = new URL(request.url ?? '/', 'http://site.test');
    const answer = MODES[url.pathname];
    if (answer) answer(request, response, url);
    else response.writeHead(404).end('not found');
  });
  server.on('upgrade', (request, socket) => {
    paths.push(request.url ?? '');
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    paths,
    headers,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
