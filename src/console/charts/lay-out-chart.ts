import type { ElkExtendedEdge, ElkNode } from 'elkjs';
import elk from 'elkjs/lib/elk.bundled.js';
import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { type DirectedGraphNode, toDirectedGraph } from 'xstate/graph';
import {
  type DrawnArrow,
  type DrawnChart,
  type DrawnLabel,
  type DrawnState,
  linesOf,
  type Point,
} from './drawn-chart.ts';
import { eventWords } from './event-words.ts';

/** Sizes of letters and lines, px, as the drawing's style sheet has them. */
const letter = { state: 7.6, label: 5.4 };
const lineHeight = 12;
const stateHeight = 34;

interface Arrow {
  readonly id: string;
  readonly source: AnyStateNode;
  readonly target: AnyStateNode;
  readonly labels: DrawnLabel[];
}

/** Lays a machine out by its own directed graph: every state a box, every transition a label of an arrow or a reaction of its state. */
export async function layOutChart(machine: AnyStateMachine): Promise<DrawnChart> {
  const graph = toDirectedGraph(machine);
  const nodes = nodesUnder(graph);
  const edges = nodes.flatMap(transitionsOf);
  const arrows = arrowsOf(edges.filter((edge) => !isReaction(edge)));
  const laidOut: ElkNode = await new elk.default().layout(
    // the whole machine stands in the drawing as a box of its own: transitions may begin at it
    { id: '(drawing)', children: [elkNode(graph)], edges: arrows.map(elkEdge), layoutOptions },
  );
  const boxes = new Map<string, Box>();
  collect(laidOut, { x: 0, y: 0 }, boxes);
  const lines = new Map((laidOut.edges ?? []).map((edge) => [edge.id, edge]));
  return {
    id: machine.id,
    width: Math.ceil(laidOut.width ?? 0),
    height: Math.ceil(laidOut.height ?? 0),
    states: nodes.map((node) => drawnState(node, boxes)),
    arrows: arrows.map((arrow) => drawnArrow(arrow, lines.get(arrow.id))),
  };
}

const layoutOptions = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'org.eclipse.elk.json.edgeCoords': 'ROOT',
  'elk.spacing.nodeNode': '24',
  'elk.spacing.edgeNode': '14',
  'elk.spacing.edgeEdge': '9',
  'elk.spacing.edgeLabel': '3',
  'elk.layered.spacing.nodeNodeBetweenLayers': '40',
  'elk.layered.spacing.edgeNodeBetweenLayers': '16',
  'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
};

function nodesUnder(node: DirectedGraphNode): DirectedGraphNode[] {
  return [node, ...node.children.flatMap(nodesUnder)];
}

/** A transition of a state to one of its targets, or to itself where it has none. */
interface Edge {
  readonly id: string;
  readonly source: AnyStateNode;
  readonly target: AnyStateNode;
  readonly transition: AnyTransitionDefinition;
}

/** The edges of the directed graph, and those that it leaves out: transitions that need no event. */
function transitionsOf({ stateNode, edges }: DirectedGraphNode): Edge[] {
  const eventless = (stateNode.always ?? []).flatMap((transition, at) =>
    (transition.target ?? [stateNode]).map((target, to) => ({
      id: `${stateNode.id}:always:${at}:${to}`,
      source: stateNode,
      target,
      transition,
    })),
  );
  return [...edges, ...eventless];
}

/** Whether a transition leads to no other state: nothing is left, at most entered again. */
function isReaction({ source, target, transition }: Edge): boolean {
  return source === target && (transition.target === undefined || !transition.reenter);
}

function arrowsOf(edges: readonly Edge[]): Arrow[] {
  const arrows = new Map<string, Arrow>();
  for (const edge of edges) {
    const { source, target } = edge;
    const id = `${source.id} > ${target.id}`;
    const arrow = arrows.get(id) ?? { id, source, target, labels: [] };
    arrow.labels.push(labelOf(edge));
    arrows.set(id, arrow);
  }
  return [...arrows.values()];
}

function labelOf({ id, transition }: Edge): DrawnLabel {
  const { eventType, guard } = transition;
  return { id, event: eventWords(eventType), guard: guardWords(guard) };
}

function guardWords(guard: unknown): string {
  if (typeof guard === 'string') return guard;
  if (typeof guard !== 'object' || guard === null) return typeof guard === 'function' ? guard.name : '';
  if ('guards' in guard && Array.isArray(guard.guards) && 'type' in guard) {
    const inner = guard.guards.map(guardWords);
    return guard.type === 'not' ? `not ${inner.join(' ')}` : inner.join(` ${String(guard.type)} `);
  }
  return 'type' in guard ? String(guard.type) : '';
}

function elkNode({ stateNode, children }: DirectedGraphNode): ElkNode {
  const width = Math.max(70, Math.ceil(stateNode.key.length * letter.state) + 24);
  if (children.length === 0) return { id: stateNode.id, width, height: stateHeight };
  return {
    id: stateNode.id,
    children: children.map(elkNode),
    layoutOptions: {
      'elk.padding': '[top=36,left=16,bottom=16,right=16]',
      'elk.nodeSize.minimum': `(${width},50)`,
    },
  };
}

function elkEdge({ id, source, target, labels }: Arrow): ElkExtendedEdge {
  const texts = labels.flatMap(linesOf);
  const width = Math.ceil(Math.max(...texts.map(({ length }) => length)) * letter.label) + 8;
  const height = texts.length * lineHeight + 2;
  return {
    id,
    sources: [source.id],
    targets: [target.id],
    labels: [{ text: texts.join('\n'), width, height }],
  };
}

interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** The layout places a child within its parent. */
function collect(node: ElkNode, at: Point, boxes: Map<string, Box>): void {
  const x = at.x + (node.x ?? 0);
  const y = at.y + (node.y ?? 0);
  boxes.set(node.id, { x, y, width: node.width ?? 0, height: node.height ?? 0 });
  for (const child of node.children ?? []) collect(child, { x, y }, boxes);
}

function drawnState(node: DirectedGraphNode, boxes: ReadonlyMap<string, Box>): DrawnState {
  const { stateNode } = node;
  const { id, key, type, description, parent } = stateNode;
  const box = boxes.get(id) ?? { x: 0, y: 0, width: 0, height: 0 };
  return {
    id,
    key,
    description: description ?? '',
    kind: type,
    isRegion: parent?.type === 'parallel',
    isInitial: parent?.type === 'compound' && parent.initial.target?.[0] === stateNode,
    ...rounded(box),
    width: Math.round(box.width),
    height: Math.round(box.height),
    reactions: transitionsOf(node).filter(isReaction).map(labelOf),
  };
}

function drawnArrow({ source, target, labels }: Arrow, edge: ElkExtendedEdge | undefined): DrawnArrow {
  const sections = edge?.sections ?? [];
  const points = sections.flatMap(({ startPoint, bendPoints = [], endPoint }) => [
    startPoint,
    ...bendPoints,
    endPoint,
  ]);
  const label = edge?.labels?.[0];
  return {
    source: source.id,
    target: target.id,
    points: points.map(rounded),
    labels,
    labelAt: rounded({ x: label?.x ?? 0, y: label?.y ?? 0 }),
  };
}

function rounded({ x, y }: Point): Point {
  return { x: Math.round(x), y: Math.round(y) };
}
