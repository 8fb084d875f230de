// A tree as an outline: each question below the one before it, further in by a step, so that it is read at any width.
import type { TreeDrawing, TreeNode } from '../api/documents';
import { number, percent, signed } from '../app/format';
import { t } from '../app/t';
import { Figure } from './figure';
import { cut } from './histogram';

const STEP = 46;

/** What a place answers, in words: the likeliest class, the number, or what is added. */
export function answerOf(node: Pick<TreeNode, 'answer'>, tree: Pick<TreeDrawing, 'answers' | 'classes'>): string {
  const answer = node.answer ?? [];
  if (answer.length === 0) return '–';
  if (tree.answers === 'shares') {
    const most = answer.indexOf(Math.max(...answer));
    return `${tree.classes?.[most] ?? most} ${percent(answer[most])}`;
  }
  const first = answer[0] ?? 0;
  return tree.answers === 'score' ? `${first > 0 ? '+' : ''}${signed(first, 3)}` : number(first);
}

/** The nodes as they stand below each other: each before what hangs on it, the left side first. */
export function outline(nodes: TreeNode[]): TreeNode[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const walk = (node: TreeNode | undefined): TreeNode[] => (node ? [node, ...(node.children ?? []).flatMap((id) => walk(byId.get(id)))] : []);
  return walk(nodes.find((node) => node.parent === null || node.parent === undefined));
}

/** How much of the answer is sure, from 0 to 1: the share of the likeliest class; nothing for numbers. */
function sureness(node: TreeNode, tree: TreeDrawing): number | null {
  return tree.answers === 'shares' && node.answer?.length ? Math.max(...node.answer) : null;
}

export function TreeDiagram({ tree, title, how, summary }: { tree: TreeDrawing; title: string; how: string; summary: string }) {
  const rows = outline(tree.nodes);
  const said = (node: TreeNode) => node.condition?.text ?? t('tree.all');
  const place = new Map(rows.map((node, index) => [node.id, index]));
  const table = { head: [t('tree.depth'), t('tree.condition'), t('chart.rows'), t('tree.answer')], rows: rows.map((node) => [node.depth, said(node), node.rows ?? null, answerOf(node, tree)]) };
  const height = rows.length * STEP + 4;
  return (
    <Figure title={title} over={t('tree.over')} how={how} summary={summary} table={table} name="tree" height={height}>
      {(width) => {
        const indent = Math.min(36, width / 22);
        return rows.map((node, index) => {
          const left = node.depth * indent;
          const top = index * STEP;
          const up = node.parent === null || node.parent === undefined ? null : (place.get(node.parent) ?? 0);
          const sure = sureness(node, tree);
          const room = Math.max(60, width - left - 26);
          const letters = Math.floor(room / 6.9);
          return (
            <g key={node.id}>
              {up !== null && <path className="guide" style={{ strokeDasharray: 'none' }} d={`M${left - indent + 6},${up * STEP + 22}V${top + 14}H${left + 2}`} />}
              <circle className={node.children ? 'dot' : 'bar'} cx={left + 6} cy={top + 14} r={node.children ? 5 : 6} />
              <text className="strong" x={left + 20} y={top + 14} dy="0.34em">{cut(said(node), letters)}<title>{said(node)}</title></text>
              <text x={left + 20} y={top + 31} dy="0.34em">{cut(`${answerOf(node, tree)}${node.rows === null || node.rows === undefined ? '' : ` · ${t('chart.points', { count: node.rows })}`}${node.cut ? ` · ${t('tree.cut')}` : ''}`, letters)}</text>
              {sure !== null && <rect className="bar faint" x={left + 20} y={top + 39} width={Math.max(1, Math.min(120, room) * sure)} height={3} rx={1.5} />}
            </g>
          );
        });
      }}
    </Figure>
  );
}
