import { Text } from '@mantine/core';
import classes from './records.module.css';

/** A value as JSON; nothing when there is none. */
export function Json({
  name,
  label,
  value,
}: {
  readonly name: string;
  readonly label: string;
  readonly value: unknown;
}) {
  if (value === undefined) return null;
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={classes.json} tabIndex={0} aria-label={name}>
        <pre>{typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</pre>
      </section>
    </div>
  );
}
