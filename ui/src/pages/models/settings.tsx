// The recipe of a model, and what can be changed about it.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { patch } from '../../api/client';
import { modelQuery, queryClient } from '../../api/queries';
import type { Model, RenameRequest, Report } from '../../api/types';
import { bytes, dateTime, duration, percent, setting } from '../../app/format';
import { Link, useGo } from '../../app/link';
import { useMay } from '../../app/rights';
import { t, tMaybe } from '../../app/t';
import { toast } from '../../app/toast';
import { deleteSoon } from '../../app/undo';
import { Confirm, Rename } from '../../design/later';
import { Panel, Scroll } from '../../design/parts';
import { shapeOf } from '../pictures/form';
import { encode } from '../train/settings';
import { ContractPanel } from './contract';
import { recipeOf } from './race';
import { Share } from './share';
import { Take } from './take';

export function Settings({ model, report }: { model: Model; report: Report | undefined }) {
  const go = useGo();
  const [ask, setAsk] = useState<'rename' | 'delete' | null>(null);
  const mayMake = useMay('make');
  const mine = mayMake && !model.shared_by;
  const params = Object.entries(model.params ?? {});
  const shape = shapeOf(model);
  const facts: [string, React.ReactNode][] = [
    [t('settings.algorithm'), report?.algorithm_title ?? model.algorithm.replaceAll('_', ' ')],
    [t('settings.task'), model.task ?? '–'],
    [t('settings.target'), model.target],
    [t('settings.data'), model.dataset_id ? <Link to={`/data/${model.dataset_id}`}>{model.dataset_name}</Link> : model.dataset_name],
    [t('settings.features'), shape ? t('pictures.learned', { height: shape.height, width: shape.width }) : model.features?.length ? model.features.join(', ') : t('settings.allFeatures')],
    [t('settings.test'), percent(model.test_size, 0)],
    [t('settings.folds'), model.folds ? String(model.folds) : t('settings.none')],
    [t('settings.seed'), String(model.seed ?? '–')],
    [t('settings.fit'), duration(model.fit_seconds)],
    [t('settings.size'), bytes(model.bytes)],
    [t('settings.made'), dateTime(model.finished_at)],
    [t('settings.version'), report?.lineage?.version ?? '–'],
    [t('settings.hash'), <span key="hash" className="mono">{report?.lineage?.data_hash ?? '–'}</span>],
    [t('settings.id'), <span key="id" className="mono">{model.id}</span>],
  ];
  const recipe = recipeOf(model);
  const again = encode(recipe);
  // What only guesses has nothing to tune, and several together are found by a race.
  const tunable = model.algorithm !== 'ensemble' && model.algorithm !== 'dummy';
  return (
    <div className="two wide">
      <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
        <Panel title={t('settings.recipe')}>
          <p className="small soft" style={{ marginBlockEnd: 12 }}>{t('settings.recipeLead')}</p>
          <dl className="facts">{facts.map(([label, value]) => <Fact key={label} label={label} value={value} />)}</dl>
        </Panel>
        {report?.preparation && report.preparation.length > 0 && !shape && (
          <section className="panel flush">
            <h2 style={{ padding: '20px 20px 8px' }}>{t('settings.preparation')}</h2>
            <Scroll label={t('settings.preparation')}>
              <table className="cards">
                <thead><tr><th scope="col">{t('profile.col.name')}</th><th scope="col">{t('profile.col.kind')}</th><th scope="col">{t('settings.steps')}</th></tr></thead>
                <tbody>
                  {report.preparation.map((column) => (
                    <tr key={column.column}>
                      <th scope="row" className="whole"><span className="few" title={column.column}>{column.column}</span></th>
                      <td className="soft">{tMaybe(`kind.${column.kind}`, column.kind)}</td>
                      <td>{column.used ? column.steps.join(', ') || t('settings.used') : <span className="soft">{column.note ?? t('settings.unused')}</span>}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Scroll>
          </section>
        )}
        {model.status === 'ready' && !shape && <ContractPanel model={model} mine={mine} />}
      </div>
      <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
        {params.length > 0 && (
          <Panel title={t('settings.params')}>
            <dl className="facts mono">{params.map(([name, value]) => <Fact key={name} label={name} value={setting(value, t('settings.none'))} />)}</dl>
          </Panel>
        )}
        {model.status === 'ready' && <Take model={model} reported={report !== undefined} />}
        {model.status === 'ready' && mine && <Share model={model} />}
        {mine && <Panel title={t('settings.change')}>
          <div className="stack" style={{ alignItems: 'flex-start' }}>
            {model.dataset_id && <Button variant="default" onClick={() => void go(`/data/${model.dataset_id}/train?${again}`)}>{t('settings.again')}</Button>}
            {model.dataset_id && tunable && <Button variant="default" onClick={() => void go(`/data/${model.dataset_id}/train?${encode({ ...recipe, params: {}, folds: 0, tune: 'bayesian' })}`)}>{t('settings.tune')}</Button>}
            <Button variant="default" onClick={() => setAsk('rename')}>{t('settings.rename')}</Button>
            <Button variant="default" style={{ color: 'var(--stop)' }} onClick={() => setAsk('delete')}>{t('settings.delete')}</Button>
          </div>
        </Panel>}
      </div>
      {ask === 'rename' && (
        <Rename
          title={t('settings.rename')}
          label={t('settings.renameLabel')}
          name={model.name}
          onClose={() => setAsk(null)}
          onRename={async (name) => {
            await patch(`/models/${model.id}`, { name } satisfies RenameRequest);
            await queryClient.invalidateQueries({ queryKey: modelQuery(model.id).queryKey });
            void queryClient.invalidateQueries({ queryKey: ['models'] });
          }}
        />
      )}
      {ask === 'delete' && (
        <Confirm
          title={t('settings.deleteTitle', { name: model.name, version: model.version })}
          action={t('action.delete')}
          onClose={() => setAsk(null)}
          onConfirm={async () => {
            await deleteSoon({
              id: model.id, path: `/models/${model.id}`, name: `${model.name} v${model.version}`,
              onGone: () => {
                for (const key of [['models'], ['datasets'], ['versions']]) void queryClient.invalidateQueries({ queryKey: key, refetchType: 'all' });
                queryClient.removeQueries({ queryKey: ['model', model.id] });
                toast(t('settings.deleted', { name: model.name }));
              },
            });
            await go('/models', { replace: true });
          }}
        >
          <p>{t('settings.deleteText')}</p>
        </Confirm>
      )}
    </div>
  );
}

function Fact({ label, value }: { label: string; value: React.ReactNode }) {
  return <><dt>{label}</dt><dd>{value}</dd></>;
}
