import {
  ActionIcon,
  Anchor,
  AppShell,
  Burger,
  Button,
  Container,
  Group,
  Menu,
  NavLink,
  Title,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconActivityHeartbeat,
  IconHeadset,
  IconHistory,
  IconMoon,
  IconPhoneCall,
  IconRobot,
  IconSun,
} from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link, Redirect, Route, Switch, useLocation } from 'wouter';
import { closeSession } from '../api/session.ts';
import { AgentsPage } from '../pages/agents-page.tsx';
import { CallPage } from '../pages/call-page.tsx';
import { HealthPage } from '../pages/health-page.tsx';
import { LivePage } from '../pages/live-page.tsx';
import { PastCallPage } from '../pages/past-call-page.tsx';
import { PastCallsPage } from '../pages/past-calls-page.tsx';
import { PhonePage } from '../pages/phone-page.tsx';
import { useSession } from './session-gate.tsx';

const pages = [
  { path: '/live', label: 'Live', icon: IconPhoneCall },
  { path: '/past', label: 'Past calls', icon: IconHistory },
  { path: '/agents', label: 'Agents', icon: IconRobot },
  { path: '/phone', label: 'Phone', icon: IconHeadset },
  { path: '/health', label: 'Health', icon: IconActivityHeartbeat },
] as const;

/** The frame around every page: where one is, and the way to the others. */
export function App() {
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const [location] = useLocation();
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 180, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding="md"
    >
      <Anchor
        href="#main"
        className="skip-link"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById('main')?.focus();
        }}
      >
        Skip to the content
      </Anchor>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={isOpen ? 'Close the menu' : 'Open the menu'}
            />
            <img src="./baari.svg" alt="" width={26} height={26} />
            <Title order={1} size="h4">
              Baari
            </Title>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Who />
            <ColorSchemeSwitch />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Pages">
        {pages.map(({ path, label, icon: Icon }) => (
          <NavLink
            key={path}
            component={Link}
            href={path}
            label={label}
            leftSection={<Icon size={18} aria-hidden />}
            active={location.startsWith(path)}
            onClick={close}
          />
        ))}
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <Container fluid px={0}>
          <Switch>
            <Route path="/live" component={LivePage} />
            <Route path="/live/:callId" component={CallPage} />
            <Route path="/past" component={PastCallsPage} />
            <Route path="/past/:callId" component={PastCallPage} />
            <Route path="/agents" component={AgentsPage} />
            <Route path="/phone" component={PhonePage} />
            <Route path="/phone/:agent" component={PhonePage} />
            <Route path="/health" component={HealthPage} />
            <Route>
              <Redirect to="/live" />
            </Route>
          </Switch>
        </Container>
      </AppShell.Main>
    </AppShell>
  );
}

/** Who looks, and for the bearer of a token the way out. */
function Who() {
  const { name } = useSession();
  const queries = useQueryClient();
  if (name === 'this machine') return null;
  const leave = async (): Promise<void> => {
    await closeSession();
    queries.clear();
    location.reload();
  };
  return (
    <Menu>
      <Menu.Target>
        <Button variant="subtle" size="compact-sm">
          {name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={leave}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function ColorSchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const next = scheme === 'dark' ? 'light' : 'dark';
  return (
    <ActionIcon
      variant="default"
      size="lg"
      aria-label={`Use ${next} colours`}
      onClick={() => setColorScheme(next)}
    >
      {scheme === 'dark' ? <IconSun size={18} aria-hidden /> : <IconMoon size={18} aria-hidden />}
    </ActionIcon>
  );
}
