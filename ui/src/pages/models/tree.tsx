// What a tree of the model asks, drawn and as rules. Asked for when somebody wants to see it: forests have hundreds.
import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { get } from '../../api/client';
import type { TreeDrawing } from '../../api/documents';
import type { Model } from '../../api/types';
import { number } from '../../app/format';
import { t } from '../../app/t';
import { answerOf, TreeDiagram } from '../../charts/tree';
import { ErrorPanel, Panel, Skeleton } from '../../design/parts';

const DEPTHS = [1, 2, 3, 4, 5, 6, 7, 8];
const USUAL = 4;

/** What the tree asks first, which tells most. */
export function treeFinding(tree: TreeDrawing): string {
  const column = tree.nodes[0]?.column;
  return column ? t('tree.first', { column }) : t('tree.nothing');
}

export function Tree({ model }: { model: Model }) {
  const [wanted, setWanted] = useState(false);
  const [at, setAt] = useState(0);
  const [depth, setDepth] = useState(USUAL);
  const found = useQuery({
    queryKey: ['tree', model.id, at, depth],
    queryFn: () => get<TreeDrawing>(`/models/${model.id}/tree`, { query: { tree: at, depth } }),
    enabled: wanted,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before) => before,
  });
  // The button that asked for it is gone by now; whoever pressed it goes on from what came in its place.
  const drawn = useRef<HTMLDivElement>(null);
  const isDrawn = wanted && found.data !== undefined;
  useEffect(() => {
    if (isDrawn && document.activeElement === document.body) drawn.current?.focus({ preventScroll: true });
  }, [isDrawn]);
  const single = model.algorithm === 'decision_tree';
  if (!wanted) return <Panel title={t(single ? 'tree.title' : 'tree.titleMany')}><p className="soft" style={{ marginBlockEnd: 12 }}>{t(single ? 'tree.lead' : 'tree.leadMany')}</p><Button variant="default" onClick={() => setWanted(true)}>{t('tree.show')}</Button></Panel>;
  if (found.isPending) return <Skeleton height={480} />;
  if (!found.data) return <ErrorPanel error={found.error} onRetry={() => void found.refetch()} />;
  const tree = found.data;
  const how = [t(`tree.how.${tree.answers}`), tree.nodes.some((node) => node.cut) ? t('tree.cutHow') : ''].filter(Boolean).join(' ');
  return (
    <div className="panel stack" ref={drawn} tabIndex={-1} style={{ '--gap': '16px' } as React.CSSProperties}>
      <div className="row no-print" style={{ alignItems: 'flex-end' }}>
        {tree.trees > 1 && <NativeSelect label={t('tree.which')} value={String(at)} onChange={(event) => setAt(Number(event.currentTarget.value))} data={Array.from({ length: tree.trees }, (_, index) => ({ value: String(index), label: t('tree.of', { number: index + 1, trees: tree.trees }) }))} />}
        <NativeSelect label={t('tree.questions')} value={String(depth)} onChange={(event) => setDepth(Number(event.currentTarget.value))} data={DEPTHS.map((one) => ({ value: String(one), label: t('tree.upTo', { depth: one }) }))} />
      </div>
      {found.isRefetchError && <ErrorPanel error={found.error} />}
      <TreeDiagram tree={tree} title={treeFinding(tree)} how={how} summary={t('tree.summary', { nodes: tree.nodes.length, finding: treeFinding(tree) })} />
      {tree.rules.length > 0 && (
        <details>
          <summary>{t('tree.rules', { count: tree.rules.length })}</summary>
          <ol className="stack" style={{ '--gap': '8px', paddingInlineStart: 24, marginBlockStart: 8 } as React.CSSProperties}>
            {tree.rules.map((rule) => <li key={rule.node} style={{ overflowWrap: 'anywhere' }}><bdi>{rule.text}</bdi>: <b><bdi>{answerOf(rule, tree)}</bdi></b>{rule.rows !== null && rule.rows !== undefined && <span className="soft small"> · {t('chart.points', { count: rule.rows })}</span>}</li>)}
          </ol>
          {tree.more_rules > 0 && <p className="small soft">{t('tree.moreRules', { count: number(tree.more_rules) })}</p>}
        </details>
      )}
    </div>
  );
}
