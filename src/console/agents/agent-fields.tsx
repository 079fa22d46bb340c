import { Badge, Group, Stack, Switch, Text, TextInput, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import classes from './agent-fields.module.css';
import { type AgentField, fieldGroups } from './field-groups.ts';

/** Every field of an agent with its value in force, by section; closed until somebody wants to see them. */
export function AgentFields({
  name,
  fields,
}: {
  readonly name: string;
  readonly fields: readonly AgentField[];
}) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details className={classes.details} onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary>
        <Text span size="sm">
          All {fields.length} fields as they are in force
        </Text>
      </summary>
      {isOpen && <Fields name={name} fields={fields} />}
    </details>
  );
}

function Fields({ name, fields }: { readonly name: string; readonly fields: readonly AgentField[] }) {
  const [words, setWords] = useState('');
  const [onlyStated, setOnlyStated] = useState(false);
  const groups = useMemo(() => fieldGroups(fields, { words, onlyStated }), [fields, words, onlyStated]);
  return (
    <Stack gap="sm" mt="xs">
      <Group align="end">
        <TextInput
          label="Find fields"
          placeholder="such as silence"
          value={words}
          onChange={({ currentTarget }) => setWords(currentTarget.value)}
        />
        <Switch
          label="Only what the file states"
          checked={onlyStated}
          onChange={({ currentTarget }) => setOnlyStated(currentTarget.checked)}
        />
      </Group>
      {groups.length === 0 && (
        <Text size="sm" c="dimmed">
          No such field.
        </Text>
      )}
      {groups.map(({ section, fields: inIt }) => (
        <section key={section} aria-label={`${name}: ${section}`}>
          <Title order={4} size="h6" mb={4}>
            {section}
          </Title>
          <dl className={classes.fields}>
            {inIt.map((field) => (
              <Field key={field.path} field={field} />
            ))}
          </dl>
        </section>
      ))}
    </Stack>
  );
}

function Field({ field: { path, value, unit, isStated, description } }: { readonly field: AgentField }) {
  return (
    <div className={classes.field}>
      <dt>
        <Text span size="sm" fw={600} className={classes.path}>
          {path}
        </Text>{' '}
        <Badge size="sm" variant="outline" color="gray" tt="none" className={classes.origin}>
          {isStated ? 'stated' : 'default'}
        </Badge>
      </dt>
      <dd>
        <Value value={value === '' ? 'none' : `${value}${unit && ` ${unit}`}`} />
        <Text size="xs" c="dimmed">
          {description}
        </Text>
      </dd>
    </div>
  );
}

/** Such as a prompt: it is not to push everything else out of sight. */
const longCharacters = 200;

function Value({ value }: { readonly value: string }) {
  if (value.length <= longCharacters) return <span className={classes.value}>{value}</span>;
  return (
    <details className={classes.details}>
      <summary className={classes.value}>{value.slice(0, 80).replaceAll('\n', ' ')} …</summary>
      <span className={classes.value}>{value}</span>
    </details>
  );
}
