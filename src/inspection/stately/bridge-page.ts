/** Where the page is that shows Stately's inspector. */
export const bridgePath = '/inspect/stately';
/** Where its WebSocket is. */
export const bridgeSocketPath = '/inspect/stately/events';
/** The subprotocol of that WebSocket; a token follows it as `bearer.<token>`. */
export const bridgeProtocol = 'baari.stately';
/** Stately's hosted inspector. */
const inspector = 'https://stately.ai/inspect';

const script = `
const frame = document.querySelector('iframe');
const said = document.querySelector('output');
const token = new URLSearchParams(location.hash.slice(1)).get('token');
const address = new URL(location.pathname + '/events' + location.search, location.href);
address.protocol = address.protocol.replace('http', 'ws');
let socket;
function connect() {
  socket?.close();
  const mine = new WebSocket(address, ['${bridgeProtocol}', ...(token ? ['bearer.' + token] : [])]);
  socket = mine;
  mine.onopen = () => { said.textContent = ''; };
  mine.onmessage = ({ data }) => frame.contentWindow.postMessage(JSON.parse(data), '${new URL(inspector).origin}');
  mine.onclose = ({ reason }) => {
    if (socket !== mine) return;
    said.textContent = 'Not connected to Baari. ' + reason + (token ? '' : ' If it wants a token, add #token=... to the address.');
    setTimeout(() => { if (socket === mine) connect(); }, 2000);
  };
}
// each time the inspector begins anew it has to be told everything anew
window.addEventListener('message', ({ source, origin, data }) => {
  if (source === frame.contentWindow && origin === '${new URL(inspector).origin}' && data?.type === '@statelyai.connected') connect();
});
`;

/**
 * The page around Stately's inspector. It asks nobody for anything but the inspector itself, and hands on what comes over the
 * WebSocket; the token stands behind the `#` of its address, which is sent to nobody.
 */
export const bridgePage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Baari in Stately’s inspector</title>
<style>
* { margin: 0 } html, body { height: 100% } body { display: flex; flex-direction: column; font-family: system-ui, sans-serif }
iframe { flex: 1; border: 0 } output { padding: 0.2em 1em } output:empty { display: none }
</style>
</head>
<body>
<output>Waiting for Stately’s inspector…</output>
<iframe src="${inspector}" title="Stately’s inspector" referrerpolicy="no-referrer"></iframe>
<script>${script}</script>
</body>
</html>
`;

/** What the page may load and ask. */
export const bridgePolicy = [
  "default-src 'none'",
  `frame-src ${new URL(inspector).origin}`,
  "script-src 'unsafe-inline'",
  "style-src 'unsafe-inline'",
  "connect-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');
