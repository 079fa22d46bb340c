import { streamAddress } from './addresses.ts';

/** The plain page at `/`: what runs here, and where. */
export function frontPage(base: string, agents: readonly string[], liveCalls: number): string {
  const rows = agents
    .map((agent) => `<li>${agent}: <code>${streamAddress(base, agent)}</code></li>`)
    .join('');
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Baari</title>
<style>body{font:16px/1.5 system-ui;max-width:44rem;margin:3rem auto;padding:0 1rem;color-scheme:light dark}</style>
<h1>Baari <small lang="hi">बारी</small></h1>
<p>This server answers Exotel phone calls with Gemini Live. Live calls: ${liveCalls}.</p>
<p>Addresses for Exotel’s Voicebot applet (use your public host name and <code>wss</code>):</p>
<ul>${rows}</ul>
<p><a href="/healthz">healthz</a> · <a href="/readyz">readyz</a></p>
</html>
`;
}
