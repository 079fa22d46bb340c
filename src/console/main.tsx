import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/charts/styles.css';
import './console.css';
import { type CSSVariablesResolver, createTheme, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Router } from 'wouter';
import { App } from './shell/app.tsx';
import { useHashPath } from './shell/hash-path.ts';
import { SessionGate } from './shell/session-gate.tsx';

const theme = createTheme({
  primaryColor: 'brick',
  primaryShade: { light: 7, dark: 8 },
  autoContrast: true,
  fontFamily: 'system-ui, sans-serif',
  colors: {
    brick: [
      '#fdf0ec',
      '#f8ded6',
      '#f2baab',
      '#ec947d',
      '#e67355',
      '#e25f3d',
      '#d5512f',
      '#b4442a',
      '#a03a22',
      '#8a2f1a',
    ],
  },
});

/** Mantine's own secondary text is too pale to be read by everyone. */
const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: { '--mantine-color-dimmed': '#555d63' },
  dark: { '--mantine-color-dimmed': '#a9b0b6', '--mantine-color-anchor': '#ec947d' },
});

const queries = new QueryClient({ defaultOptions: { queries: { retry: 1, refetchOnWindowFocus: false } } });

const place = document.getElementById('console');
if (place) {
  createRoot(place).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto" cssVariablesResolver={variables}>
        <Notifications />
        <QueryClientProvider client={queries}>
          <Router hook={useHashPath}>
            <SessionGate>
              <App />
            </SessionGate>
          </Router>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
