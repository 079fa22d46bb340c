import { fetch as fetchBy, ProxyAgent } from 'undici';
import { type ProxySettings, proxyFor } from './proxy.ts';

/** `fetch` of addresses with text as body, through a tunnel of the proxy that `proxies` name for each. */
export function fetchThrough(proxies: ProxySettings): typeof fetch {
  const agents = new Map<string, ProxyAgent>();
  const agentOf = (proxy: URL): ProxyAgent => {
    const known = agents.get(proxy.href);
    if (known) return known;
    const made = new ProxyAgent({ uri: proxy.href, proxyTunnel: true });
    agents.set(proxy.href, made);
    return made;
  };
  return (input, init) => {
    const url = typeof input === 'string' || input instanceof URL ? input : input.url;
    const proxy = proxyFor(String(url), proxies);
    if (!proxy) return fetch(input, init);
    const { method = 'GET', headers, body, signal = null } = init ?? {};
    // as much as undici and Node agree on
    return fetchBy(url, {
      method,
      headers: Object.fromEntries(new Headers(headers)),
      body: typeof body === 'string' ? body : null,
      signal,
      dispatcher: agentOf(proxy),
    });
  };
}
