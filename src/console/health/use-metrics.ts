import { useEffect, useMemo, useState } from 'react';
import { type Figures, figuresOf } from './figures.ts';
import { longer, type Moment, momentsOf } from './history.ts';
import { parseMetrics } from './parse-metrics.ts';

/** Between two looks, and longest wait for an answer, ms. */
const everyMs = 5000;

/** What is known of the service’s health. */
export interface Metrics {
  readonly moments: readonly Moment[];
  /** Why there is nothing new: it may not be seen from here, or nobody answers. */
  readonly problem: { readonly isDenied: boolean; readonly words: string } | undefined;
}

/** Outlives the page, so that whoever comes back finds what was seen. */
let history: readonly Figures[] = [];

/** Looks at the service’s metrics again and again while the page is open. */
export function useMetrics(): Metrics {
  const [seen, setSeen] = useState(history);
  const [problem, setProblem] = useState<Metrics['problem']>();
  useEffect(() => {
    const leaving = new AbortController();
    const look = async (): Promise<void> => {
      const found = await lookOnce(leaving.signal);
      if (leaving.signal.aborted) return;
      setProblem(found.problem);
      if (found.figures) {
        history = longer(history, found.figures);
        setSeen(history);
      }
      // what is denied stays so until somebody changes how the service is started
      if (!found.problem?.isDenied) timer = setTimeout(look, everyMs);
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    look();
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, []);
  return { moments: useMemo(() => momentsOf(seen), [seen]), problem };
}

async function lookOnce(signal: AbortSignal): Promise<{ figures?: Figures; problem?: Metrics['problem'] }> {
  try {
    const answer = await fetch('metrics', {
      signal: AbortSignal.any([signal, AbortSignal.timeout(everyMs)]),
    });
    const text = await answer.text();
    if (answer.ok) return { figures: figuresOf(parseMetrics(text), Date.now()) };
    const isDenied = answer.status === 401 || answer.status === 403;
    return { problem: { isDenied, words: isDenied ? text.trim() : `it answered ${answer.status}` } };
  } catch {
    return { problem: { isDenied: false, words: 'it does not answer' } };
  }
}
