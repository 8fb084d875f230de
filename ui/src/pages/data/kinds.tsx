// Other kinds for some columns: chosen in the table of columns, then read again in one go.
import { Button, NativeSelect } from '@mantine/core';
import type { Dataset, Kind, TableSchema } from '../../api/types';
import { list } from '../../app/format';
import { t } from '../../app/t';
import { ErrorPanel } from '../../design/parts';
import { useReadAgain } from './again';

export const KINDS: Kind[] = ['integer', 'number', 'boolean', 'date', 'category', 'text', 'identifier'];

/** What is asked for by column; null goes back to what reading finds. */
export type Asked = Record<string, Kind | null>;

/** Another kind for a column, or none where that is what it has already. */
export function asking(asked: Asked, schema: TableSchema, column: string, kind: Kind | null): Asked {
  const now = schema.columns.find((one) => one.name === column);
  const rest = Object.fromEntries(Object.entries(asked).filter(([name]) => name !== column));
  const same = kind === null ? !now?.set : now?.kind === kind;
  return same ? rest : { ...rest, [column]: kind };
}

export function KindField({ schema, column, asked, onAsk }: { schema: TableSchema; column: string; asked: Asked; onAsk: (asked: Asked) => void }) {
  const now = schema.columns.find((one) => one.name === column);
  const kind = column in asked ? asked[column] : now?.kind;
  return (
    <NativeSelect
      size="xs" aria-label={t('kinds.of', { column })} value={kind ?? ''} onChange={(event) => onAsk(asking(asked, schema, column, (event.currentTarget.value || null) as Kind | null))}
      data={[...(now?.set ? [{ value: '', label: t('again.found') }] : []), ...KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))]}
    />
  );
}

export function KindsBar({ dataset, asked, onDone }: { dataset: Dataset; asked: Asked; onDone: () => void }) {
  const again = useReadAgain(dataset, onDone);
  const count = Object.keys(asked).length;
  return (
    <div className="notice engine stack" style={{ '--gap': '8px' } as React.CSSProperties}>
      <p className="small">{t('kinds.lead')}</p>
      {again.error && <ErrorPanel error={again.error} />}
      <div className="row">
        <Button loading={again.isPending} disabled={count === 0} onClick={() => again.mutate({ kinds: asked })}>{t('kinds.go')}</Button>
        <Button variant="default" onClick={onDone}>{t('action.cancel')}</Button>
        <span className="small soft" role="status"><bdi>{count > 0 ? t('kinds.changed', { list: list(Object.keys(asked).slice(0, 10)) }) : ''}</bdi></span>
      </div>
    </div>
  );
}
