import { useSyncExternalStore } from 'react';
import { useHashLocation } from 'wouter/use-hash-location';

/**
 * The page's place as wouter reads it, all of it behind the `#`: `#/past?agent=bakery`. What is looked for may be somebody's
 * number or words, and what is behind the `#` never reaches a server or its log.
 */
export function useHashPath(): [string, (to: string, options?: { replace?: boolean }) => void] {
  const [place] = useHashLocation();
  return [place.split('?')[0] ?? '/', goTo];
}

useHashPath.hrefs = (href: string): string => `#${href}`;
useHashPath.searchHook = (): string => useSyncExternalStore(onHashChange, searchOfHash);

function goTo(to: string, { replace = false }: { replace?: boolean } = {}): void {
  const oldURL = location.href;
  // an address without a path is the same page with another search
  const path = to.startsWith('?') ? `${location.hash.replace(/^#/, '').split('?')[0]}${to}` : to;
  const newURL = new URL(`#${path}`, oldURL).href;
  history[replace ? 'replaceState' : 'pushState'](null, '', newURL);
  dispatchEvent(new HashChangeEvent('hashchange', { oldURL, newURL }));
}

function onHashChange(tell: () => void): () => void {
  addEventListener('hashchange', tell);
  return () => removeEventListener('hashchange', tell);
}

function searchOfHash(): string {
  return location.hash.split('?')[1] ?? '';
}
