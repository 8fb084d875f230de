// How numbers and times are written; the language itself, of which there is one, is only named.
import { type Formats, moment, NUMBERS, setFormats, TIMES, useFormats, written } from '../../app/formats';
import { t } from '../../app/t';
import { Choices } from '../../design/choices';
import { Panel } from '../../design/parts';

/** Its day cannot be taken for its month. */
const EXAMPLE = new Date(2026, 2, 25, 14, 7);

export function FormatsPanel() {
  const chosen = useFormats();
  return (
    <Panel title={t('formats.title')}>
      <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
        <p className="small soft">{t('formats.lead')}</p>
        <Choices<Formats['numbers']> legend={t('formats.numbers')} compact value={chosen.numbers} onChange={(numbers) => setFormats({ numbers })} choices={NUMBERS.map((value) => ({ value, label: <span className="num">{written('1,234.5', value)}</span> }))} />
        <Choices<Formats['times']> legend={t('formats.times')} compact value={chosen.times} onChange={(times) => setFormats({ times })} choices={TIMES.map((value) => ({ value, label: <span className="num">{moment(EXAMPLE, value)}</span> }))} />
        <p className="small soft">{t('formats.note')}</p>
      </div>
    </Panel>
  );
}
