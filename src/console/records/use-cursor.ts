import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

/** The cursor moves so often while a recording plays, ms. */
const moveMs = 50;

/** Where in a call its recording plays, ms since the call was accepted, and the way to another place. */
export function useCursor(
  startedMs: number,
  isShown: boolean,
): {
  readonly audio: RefObject<HTMLAudioElement | null>;
  readonly cursorMs: number;
  readonly seek: (atMs: number) => void;
} {
  const audio = useRef<HTMLAudioElement>(null);
  const [playedMs, setPlayedMs] = useState(0);

  useEffect(() => {
    const element = audio.current;
    if (!isShown || !element) return;
    const leaving = new AbortController();
    const look = (): void => setPlayedMs(element.currentTime * 1000);
    let timer: ReturnType<typeof setInterval> | undefined;
    const rest = (): void => {
      clearInterval(timer);
      timer = undefined;
      look();
    };
    const { signal } = leaving;
    element.addEventListener('play', () => (timer ??= setInterval(look, moveMs)), { signal });
    for (const event of ['pause', 'ended', 'seeking']) {
      element.addEventListener(event, event === 'seeking' ? look : rest, { signal });
    }
    return () => {
      leaving.abort();
      clearInterval(timer);
    };
  }, [isShown]);

  const seek = useCallback(
    (atMs: number) => {
      if (audio.current) audio.current.currentTime = Math.max(0, (atMs - startedMs) / 1000);
    },
    [startedMs],
  );
  return { audio, cursorMs: startedMs + playedMs, seek };
}
