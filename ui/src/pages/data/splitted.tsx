// Every column of a table, split by the values of one: boxes and shares side by side.
import type { Profile } from '../../api/types';
import { percent } from '../../app/format';
import { t } from '../../app/t';
import { Boxes, Stacks } from '../../charts/boxes';
import { Empty, ErrorPanel, Skeleton } from '../../design/parts';
import { MOST_ROWS, type Split, splitBy } from './split';
import { useSpread } from './spread';

/** As many columns as are drawn; beyond them the table is looked at column by column. */
const MOST_DRAWN = 24;

export function Splitted({ id, profile, by }: { id: string; profile: Profile; by: string }) {
  const rows = useSpread(id, profile.rows);
  if (rows.isPending) return <Skeleton height={420} />;
  if (!rows.data) return <ErrorPanel error={rows.error} onRetry={() => void rows.refetch()} />;
  const { groups, splits } = splitBy(rows.data, by, profile.columns);
  if (splits.length === 0) return <Empty>{t('split.none')}</Empty>;
  return (
    <div className="stack">
      <p className="small soft" role="status">{profile.rows > MOST_ROWS ? t('split.part', { rows: rows.data.rows.length, total: profile.rows }) : t('split.whole', { rows: rows.data.rows.length })}</p>
      <div className="grid" style={{ '--cell': '400px' } as React.CSSProperties}>
        {splits.slice(0, MOST_DRAWN).map((split) => (
          <div className="panel" key={split.column}>
            {split.kind === 'boxes' ? <Boxes title={found(split, by, groups)} over={t('split.over', { column: split.column, by })} name={split.column} by={by} boxes={split.boxes} dates={split.dates} />
            : <Stacks title={found(split, by, groups)} over={t('split.over', { column: split.column, by })} name={split.column} by={by} groups={groups} stacks={split.stacks} />}
          </div>
        ))}
      </div>
    </div>
  );
}

/** What a plot says first: whose middle is highest, or which value differs most from the others. */
export function found(split: Split, by: string, groups: string[]): string {
  if (split.kind === 'boxes') {
    const sorted = [...split.boxes].sort((a, b) => b.quartiles[1] - a.quartiles[1]);
    const [top, last] = [sorted[0], sorted[sorted.length - 1]];
    if (!top || !last || top === last) return split.column;
    const apart = top.quartiles[0] > last.quartiles[2];
    return t(apart ? 'split.apart' : top.quartiles[1] === last.quartiles[1] ? 'split.same' : 'split.higher', { column: split.column, by, top: top.group, last: last.group });
  }
  const sorted = [...split.stacks].sort((a, b) => (b.shares[0] ?? 0) - (a.shares[0] ?? 0));
  const [top, last] = [sorted[0], sorted[sorted.length - 1]];
  if (!top || !last || top === last) return split.column;
  return t('split.shares', { group: groups[0] ?? '', top: top.value, most: percent(top.shares[0], 0), last: last.value, least: percent(last.shares[0], 0) });
}
