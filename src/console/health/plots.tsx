import { LineChart } from '@mantine/charts';
import { Card, SimpleGrid, Text, Title } from '@mantine/core';
import type { Moment } from './history.ts';
import { type Plot, plotsOf } from './plot-list.ts';

/** The service’s metrics over the last minutes, a plot for each. */
export function Plots({ moments }: { readonly moments: readonly Moment[] }) {
  const outcomes = [...new Set(moments.flatMap((moment) => Object.keys(moment.outcomes)))].sort();
  return (
    <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }}>
      {plotsOf(outcomes).map((plot) => (
        <PlotCard key={plot.title} plot={plot} moments={moments} />
      ))}
    </SimpleGrid>
  );
}

function PlotCard({ plot, moments }: { readonly plot: Plot; readonly moments: readonly Moment[] }) {
  const { title, about, unit, lines } = plot;
  const last = moments.at(-1);
  const data = moments.map((moment) => ({
    at: new Date(moment.atMs).toLocaleTimeString(undefined, {
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    }),
    ...Object.fromEntries(lines.map(({ label, of }) => [label, rounded(of(moment)) ?? null])),
  }));
  const told = lines.map(({ label, of }) => `${label} ${valueText(last && of(last), unit)}`).join(', ');
  return (
    <Card withBorder component="section" aria-label={title}>
      <Title order={3} size="h5">
        {title}
      </Title>
      <Text size="xs" c="dimmed" mb="xs">
        {about}
      </Text>
      <Text size="sm" mb="xs">
        {lines.length === 0 ? 'None yet.' : told}
      </Text>
      {lines.length > 0 && (
        <div aria-hidden>
          <LineChart
            h={170}
            data={data}
            dataKey="at"
            series={lines.map(({ label, colour }) => ({ name: label, color: colour }))}
            unit={unit}
            curveType="linear"
            withDots={false}
            withLegend={lines.length > 1}
            tickLine="none"
            xAxisProps={{ minTickGap: 60 }}
            yAxisProps={{ width: 64, domain: [0, 'auto'], allowDecimals: unit !== '' }}
            lineProps={{ isAnimationActive: false }}
            lineChartProps={{ accessibilityLayer: false }}
          />
        </div>
      )}
    </Card>
  );
}

function valueText(value: number | undefined, unit: string): string {
  return value === undefined ? 'none' : `${rounded(value)}${unit}`;
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value * 10) / 10;
}
