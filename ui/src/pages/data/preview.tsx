// How a file's first lines are read: what was recognised, and the rows themselves.
import type { Preview } from '../../api/types';
import { cell, number } from '../../app/format';
import { type Key, t } from '../../app/t';
import { Chip, Panel, Scroll } from '../../design/parts';

const DELIMITERS: Record<string, Key> = { ',': 'delimiter.comma', ';': 'delimiter.semicolon', '\t': 'delimiter.tab', '|': 'delimiter.pipe', tab: 'delimiter.tab' };

export function ParsePreview({ preview }: { preview: Preview }) {
  const delimiter = preview.delimiter ? DELIMITERS[preview.delimiter] : undefined;
  const facts = [
    [t('new.format'), preview.format?.toUpperCase()],
    [t('new.delimiter'), delimiter ? t(delimiter) : preview.delimiter],
    [t('new.encoding'), preview.encoding?.toUpperCase()],
    [t('data.rows'), preview.row_count === undefined ? null : number(preview.row_count)],
    [t('new.decimal'), preview.decimal === ',' ? t('delimiter.comma') : null],
  ].filter(([, value]) => value);
  return (
    <Panel title={t('new.check')}>
      <div className="stack">
        <div className="row">{facts.map(([label, value]) => <Chip key={label}>{label}: <b>{value}</b></Chip>)}</div>
        {preview.notes.length > 0 && (
          <div className="notice signal">
            <ul style={{ paddingInlineStart: 18 }}>{preview.notes.map((note) => {
              return <li key={note.code + note.detail}>{note.detail}</li>;
            })}</ul>
          </div>
        )}
        {preview.rows.length === 0 && <p className="small soft">{t('new.columnsOnly')}</p>}
        <Scroll label={t('new.firstRows')}>
          <table>
            <thead>
              <tr>{preview.columns.map((column) => <th key={column.name} scope="col"><div className="clip name" style={{ color: 'var(--ink)' }} title={column.name}>{column.name}</div>{t(`kind.${column.kind}`)}</th>)}</tr>
            </thead>
            <tbody>
              {preview.rows.slice(0, 12).map((row, index) => (
                <tr key={index}>{row.map((value, place) => <td key={place} className={typeof value === 'number' ? 'right' : undefined} style={{ whiteSpace: 'nowrap', maxWidth: 260, overflow: 'hidden', textOverflow: 'ellipsis' }}>{value === null ? <span className="soft tiny">{t('rows.empty')}</span> : cell(value)}</td>)}</tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </div>
    </Panel>
  );
}
