import { Alert, Loader, Stack, Text, Title } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { type Metrics, useMetrics } from '../health/use-metrics.ts';

/** The charts come with this page only: the others stay light. */
const Plots = lazy(() => import('../health/plots.tsx').then(({ Plots }) => ({ default: Plots })));

/** The metrics that matter, over the last minutes. */
export function HealthPage() {
  const { moments, problem } = useMetrics();
  return (
    <Stack>
      <Title order={2}>Health</Title>
      <Text size="sm" c="dimmed">
        Seen by this page every five seconds, for at most the last fifteen minutes. Grafana keeps more: see
        Metrics in the README.
      </Text>
      {problem && <Unseen problem={problem} />}
      {moments.length > 0 && (
        <Suspense fallback={<Loader role="status" aria-label="Loading the plots" />}>
          <Plots moments={moments} />
        </Suspense>
      )}
      {moments.length === 0 && !problem && <Loader role="status" aria-label="Loading" />}
    </Stack>
  );
}

function Unseen({ problem: { isDenied, words } }: { readonly problem: NonNullable<Metrics['problem']> }) {
  return isDenied ? (
    <Alert color="blue" title="The metrics are not to be seen from here">
      The service says: {words}. They are meant for a collector such as Prometheus, with that token, or for a
      browser on the service’s own machine where there is none.
    </Alert>
  ) : (
    <Alert color="red" title="The service cannot be asked">
      When it was asked for its metrics, {words}. It is asked again every five seconds.
    </Alert>
  );
}
