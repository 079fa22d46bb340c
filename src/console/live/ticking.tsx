import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let nowMs = Date.now();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  nowMs = listeners.size === 1 ? Date.now() : nowMs;
  timer ??= setInterval(() => {
    nowMs = Date.now();
    for (const one of [...listeners]) one();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** How long something has lasted by the page's clock; all of a page are counted on by one timer. */
export function Ticking({ sinceMs }: { readonly sinceMs: number }) {
  const now = useSyncExternalStore(subscribe, () => nowMs);
  return <time>{minutesText(now - sinceMs)}</time>;
}

/** `3675000` as `1:01:15`, `75000` as `1:15`. */
function minutesText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = String(seconds % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}
