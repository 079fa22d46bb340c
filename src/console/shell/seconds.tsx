import { Text } from '@mantine/core';
import { useEffect, useState } from 'react';

/** How long something has lasted, as minutes and seconds, counted on every second. */
export function Seconds({ sinceMs }: { readonly sinceMs: number }) {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <Text component="time" size="sm" ff="monospace">
      {clockText(nowMs - sinceMs)}
    </Text>
  );
}

/** `75000` as `1:15`. */
function clockText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
