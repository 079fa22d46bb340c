import { readFile } from 'node:fs/promises';
import type { GeminiSession } from '../../sim/index.ts';
import type { DemoShop } from './demo-shop.ts';
import { sceneOrder } from './scene.ts';
import type { Finding } from './verdict.ts';

/** What there is to judge the order by. */
export interface OrderedCall {
  readonly session: GeminiSession | undefined;
  readonly shop: DemoShop;
  /** Orders that the shop had before the call. */
  readonly ordersBefore: number;
  /** The path of the record's call.json. */
  readonly record: string;
}

type Data = Readonly<Record<string, unknown>>;

/** Judges whether the order was placed: by what the model was told, by the shop, and by the record. */
export async function judgeOrder({ session, shop, ordersBefore, record }: OrderedCall): Promise<Finding[]> {
  const answers = session?.observation.toolAnswers ?? [];
  const told = answers.find(({ answer }) => answer.name === sceneOrder.tool)?.answer.response;
  const output = asData(asData(told).output);
  const id = typeof output.id === 'string' ? output.id : '';
  const kept = id === '' ? undefined : await shop.order(id);
  const written = await toolsIn(record);
  const entry = written.find(({ name }) => name === sceneOrder.tool);
  const names = written.map(({ name, outcome }) => `${name} ${outcome}`).join(', ') || 'none';
  return [
    {
      what: 'the model asked for the order and was told of it',
      isGood: id !== '' && answers.every(({ outcome }) => outcome === 'accepted'),
      found: id === '' ? JSON.stringify(told ?? 'no answer') : `order ${id}, ${output.total} rupees`,
    },
    {
      what: 'the shop has the order, over HTTP',
      isGood:
        shop.orders === ordersBefore + 1 && kept?.name === sceneOrder.name && kept.total === sceneOrder.total,
      found: kept ? `for ${kept.name}, to be collected ${kept.pick_up}` : 'no such order',
    },
    {
      what: 'the record says so',
      isGood: entry?.outcome === 'answered' && asData(entry.result).id === id,
      found: `tools in call.json: ${names}`,
    },
  ];
}

async function toolsIn(record: string): Promise<Data[]> {
  const { tools } = asData(JSON.parse(await readFile(record, 'utf8')));
  return Array.isArray(tools) ? tools.map(asData) : [];
}

function asData(value: unknown): Data {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
