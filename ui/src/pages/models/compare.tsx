// Models side by side: who wins which measure, their curves over one another, and only the settings that differ. The server
// compares; here it is shown.
import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { get } from '../../api/client';
import type { SideBySide } from '../../api/types';
import { duration, list } from '../../app/format';
import { MetricLink } from '../../app/explained';
import { Link, useGo } from '../../app/link';
import { t, tMaybe } from '../../app/t';
import { Curves } from '../../charts/curves';
import { Chip, Empty, ErrorPanel, Head, Panel, Scroll, Skeleton } from '../../design/parts';
import { classesOf, curvesOf, hardest, ordered, said, settingRow } from './beside';
import { exactValue } from './words';

const MOST = 4;

export function Compare() {
  const go = useGo();
  const search = useSearch({ strict: false }) as { ids?: string };
  const ids = [...new Set((search.ids ?? '').split(',').filter(Boolean))].slice(0, MOST);
  const side = useQuery({ queryKey: ['models', 'compare', ids], queryFn: () => get<SideBySide>('/models/compare', { query: { ids: ids.join(',') } }), enabled: ids.length >= 2 });
  const head = <Head title={t('compare.title')} at="judge" lead={t('compare.lead')} actions={<Button variant="default" onClick={() => void go('/models')}>{t('compare.other')}</Button>} />;
  if (ids.length < 2) return <>{head}<Empty action={<Link to="/models">{t('models.title')}</Link>}>{t('compare.few')}</Empty></>;
  if (side.error && !side.data) return <>{head}<ErrorPanel error={side.error} onRetry={() => void side.refetch()} /></>;
  if (!side.data) return <>{head}<Skeleton height={520} /></>;
  return <>{head}<Beside side={side.data} /></>;
}

/** Names that stay apart even when two models are called the same. */
function labels(models: SideBySide['models']): string[] {
  const plain = models.map((model) => `${model.name} v${model.version}`);
  return plain.map((label, index) => (plain.indexOf(label) === plain.lastIndexOf(label) ? label : `${label} (${index + 1})`));
}

function Beside({ side }: { side: SideBySide }) {
  const { models } = side;
  const names = labels(models);
  const rows = ordered(side);
  const top = rows[0];
  const unlike = side.differences.map(settingRow);
  return (
    <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
      {side.notes.map((note) => <p key={note} className="notice signal">{note}</p>)}
      {top && models.every((model) => model.target === models[0]?.target && model.task === models[0]?.task) && <p className="notice engine" role="status"><bdi>{said(top, names, models.map((model) => model.id))}</bdi></p>}
      <section className="panel flush">
        <h2 style={{ padding: '20px 20px 8px' }}>{t('compare.measures')}</h2>
        <Scroll label={t('compare.measures')}>
          <table className="tight">
            <thead><tr><th scope="col">{t('model.measure')}</th>{models.map((model, index) => <th key={model.id} scope="col" className="right"><Link to={`/models/${model.id}`} className="few" style={{ marginInlineStart: 'auto' }} title={names[index]}>{names[index]}</Link></th>)}</tr></thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.metric}>
                  <th scope="row"><MetricLink name={row.metric} /></th>
                  {row.values.map((metric, index) => (
                    <td key={index} className="right num">{row.winner === models[index]?.id ? <b>{exactValue(row.metric, metric?.value)} <Chip tone="engine">{t('compare.best')}</Chip></b> : exactValue(row.metric, metric?.value)}</td>
                  ))}
                </tr>
              ))}
              <tr><th scope="row">{t('settings.fit')}</th>{models.map((model) => <td key={model.id} className="right">{duration(model.fit_seconds)}</td>)}</tr>
            </tbody>
          </table>
        </Scroll>
      </section>
      <div className="two">
        <Overlaid roc={side.roc} names={names} />
        <Panel title={t('compare.settings')}>
          {unlike.length === 0 ? <p className="soft">{t('compare.sameSettings')}</p> : (
            <Scroll label={t('compare.settings')}>
              <table className="tight">
                <thead><tr><th scope="col">{t('compare.setting')}</th>{names.map((name) => <th key={name} scope="col"><span className="few">{name}</span></th>)}</tr></thead>
                <tbody>{unlike.map((row) => <tr key={row.name}><th scope="row">{tMaybe(`compare.setting.${row.name}`, row.name.replaceAll('_', ' '))}</th>{row.values.map((value, index) => <td key={index}><span className="few"><bdi>{value}</bdi></span></td>)}</tr>)}</tbody>
              </table>
            </Scroll>
          )}
        </Panel>
      </div>
    </div>
  );
}

/** One curve of each model over the others, for a class that all of them know. */
function Overlaid({ roc, names }: { roc: SideBySide['roc']; names: string[] }) {
  const classes = classesOf(roc);
  const [chosen, setChosen] = useState(() => hardest(roc, classes));
  if (!chosen) return null;
  const curves = curvesOf(roc, chosen, names);
  return (
    <div className="panel stack">
      {classes.length > 1 && <NativeSelect label={t('compare.class')} value={chosen} onChange={(event) => setChosen(event.currentTarget.value)} data={classes} style={{ maxWidth: 320 }} />}
      <Curves
        title={t('compare.roc', { class: chosen })} how={t('model.roc.how')} name="compared-roc" xLabel={t('model.roc.x')} yLabel={t('model.roc.y')} guide={[[0, 0], [1, 1]]}
        summary={t('model.roc.summary', { list: list(curves.map((curve) => curve.name)) })} curves={curves}
      />
    </div>
  );
}
