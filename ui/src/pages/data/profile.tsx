// One table, looked at from all sides, and the way on to training.
import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { patch } from '../../api/client';
import { datasetQuery, profileQuery, queryClient } from '../../api/queries';
import type { Dataset, Profile, RenameRequest } from '../../api/types';
import { bytes, number, percent } from '../../app/format';
import { Link, useGo } from '../../app/link';
import { useMay } from '../../app/rights';
import { t } from '../../app/t';
import { toast } from '../../app/toast';
import { deleteSoon } from '../../app/undo';
import { Confirm, Rename } from '../../design/later';
import { Chip, ErrorPanel, Head, Panel, Skeleton } from '../../design/parts';
import { Tabs, useTab } from '../../design/tabs';
import { Columns } from './columns';
import { Distributions } from './distributions';
import { Reading, settingsFor } from './reading';
import { Relations } from './relations';
import { RowsTable } from './rows';
import { guessTarget, taskOf } from './target';
import { WorthKnowing } from './worth';

const ReadDialog = lazy(() => import('../../design/dialog').then((module) => ({ default: module.Dialog })));
const PictureSet = lazy(() => import('../pictures/set').then((module) => ({ default: module.PictureSet })));

export function DataProfile() {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const dataset = useQuery(datasetQuery(id));
  if (dataset.isPending) return <Skeleton height={420} />;
  if (!dataset.data) return <><h1 className="hidden">{t('data.title')}</h1><ErrorPanel error={dataset.error} onRetry={() => void dataset.refetch()} /></>;
  const item = dataset.data;
  if (item.status === 'ready') return <Ready dataset={item} />;
  return (
    <>
      <Head title={item.name} at="look" />
      {item.status === 'failed' ? <Failed dataset={item} /> : (
        <Panel title={t('profile.reading')}>
          <p className="soft" role="status">{t('profile.readingLead')}</p>
          <div style={{ marginBlockStart: 16 }}><Skeleton height={220} /></div>
        </Panel>
      )}
    </>
  );
}

function Failed({ dataset }: { dataset: Dataset }) {
  const readable = useMay('make') && settingsFor(dataset.file_name).length > 0;
  return (
    <div className="stack">
      <div className="notice stop stack" role="alert" style={{ '--gap': '8px' } as React.CSSProperties}>
        <h2>{t('profile.failed')}</h2>
        <p>{dataset.error?.detail}</p>
        <p className="small">{t(readable ? 'profile.failedNext' : 'profile.failedNextPlain')}</p>
      </div>
      {readable && <Panel title={t('again.title')}><Reading dataset={dataset} sheets={[]} onDone={() => {}} /></Panel>}
      <Manage dataset={dataset} />
    </div>
  );
}

/** One sentence of health: how much of the table is empty. */
function health(profile: Profile): string {
  const cells = profile.rows * profile.columns.length;
  const missing = profile.columns.reduce((sum, column) => sum + column.missing, 0);
  return missing === 0 ? t('profile.full') : t('profile.missing', { share: percent(missing / Math.max(1, cells), 1) });
}

function Ready({ dataset }: { dataset: Dataset }) {
  const go = useGo();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as Record<string, string | undefined>;
  const base = useQuery(profileQuery(dataset.id, null, dataset.revision));
  // While another reading of the file is asked for, what is known is of the one before.
  const fresh = !base.isPlaceholderData;
  const named = base.data?.columns.find((column) => column.name === search.target)?.name;
  const target = named ?? (base.data ? guessTarget(base.data) : undefined);
  const withTarget = useQuery({ ...profileQuery(dataset.id, target, dataset.revision), enabled: fresh && Boolean(target) && !base.data?.pictures });
  const [shown, setShown] = useState<string | null>(null);
  const tabs = [{ id: 'columns' }, { id: 'distributions' }, { id: 'relations' }, { id: 'rows' }];
  const [tab, chooseTab] = useTab(tabs);

  const shape = base.data?.pictures;
  const size = shape ? t('pictures.size', { rows: dataset.rows ?? 0, height: shape.height, width: shape.width, size: bytes(dataset.bytes) }) : t('profile.size', { rows: number(dataset.rows), columns: number(dataset.columns), size: bytes(dataset.bytes) });
  const train = () => void go(`/data/${dataset.id}/train${target ? `?target=${encodeURIComponent(target)}` : ''}`);
  const mayMake = useMay('make');
  const head = (lead: string) => <Head title={dataset.name} at="look" lead={<><span className="num">{size}</span>{dataset.models > 0 && <> · <Link to="/models" search={{ dataset_id: dataset.id }}>{t('models.of', { count: dataset.models })}</Link></>}<br />{lead}</>} actions={mayMake && <Button size="md" onClick={train}>{t('profile.train')}</Button>} />;
  if (base.error && !base.data) return <>{head('')}<ErrorPanel error={base.error} onRetry={() => void base.refetch()} /></>;
  if (!base.data || !fresh) return <>{head('')}<Skeleton height={420} /></>;

  if (shape) {
    return (
      <>
        {head('')}
        <Suspense fallback={<Skeleton height={420} />}><PictureSet dataset={dataset} profile={base.data} shape={shape} /></Suspense>
        <div style={{ marginBlockStart: 28 }}><Manage dataset={dataset} /></div>
      </>
    );
  }
  const profile = withTarget.data ?? base.data;
  const setTarget = (name: string) => void navigate({ to: '.', search: { ...search, target: name } as never, replace: true, resetScroll: false });
  const showColumn = (name: string) => {
    if (tab !== 'columns') chooseTab('columns');
    setShown(name);
  };
  return (
    <>
      {head(health(profile))}
      <div className="two lean">
        <TargetPanel profile={profile} target={target} onTarget={setTarget} />
        <WorthKnowing warnings={withTarget.data?.warnings ?? base.data.warnings} onShow={showColumn} />
      </div>
      <Tabs
        label={t('profile.tabs')}
        current={tab}
        onChoose={chooseTab}
        tabs={[
          { id: 'columns', label: t('profile.tab.columns'), content: () => <Columns dataset={dataset} profile={profile} target={target} shown={shown} onShow={setShown} onTarget={setTarget} /> },
          { id: 'distributions', label: t('profile.tab.distributions'), content: () => <Distributions id={dataset.id} profile={profile} /> },
          { id: 'relations', label: t('profile.tab.relations'), content: () => <Relations id={dataset.id} profile={profile} target={target} /> },
          { id: 'rows', label: t('profile.tab.rows'), content: () => <RowsTable id={dataset.id} columns={base.data.columns} /> },
        ]}
      />
      <div style={{ marginBlockStart: 28 }}><Manage dataset={dataset} sheets={base.data.sheets ?? []} /></div>
    </>
  );
}

function TargetPanel({ profile, target, onTarget }: { profile: Profile; target: string | undefined; onTarget: (name: string) => void }) {
  const column = profile.columns.find((one) => one.name === target);
  const task = column ? taskOf(column) : null;
  return (
    <Panel title={t('profile.target')}>
      <div className="stack" style={{ '--gap': '12px' } as React.CSSProperties}>
        <NativeSelect
          label={t('profile.targetLabel')}
          description={t('profile.targetHelp')}
          value={target ?? ''}
          onChange={(event) => onTarget(event.currentTarget.value)}
          data={[...(target ? [] : [{ value: '', label: '–' }]), ...profile.columns.map((one) => ({ value: one.name, label: `${one.name} (${t(`kind.${one.kind}`)})` }))]}
        />
        {column && task && (
          <div className="row">
            <Chip tone="engine">{task === 'regression' ? t('profile.regressionShort') : t('profile.classificationShort')}</Chip>
            <span className="small soft">
              {task === 'regression' ? t('profile.regression') : t('profile.classification', { count: column.distinct })}
            </span>
          </div>
        )}
        {column && task === 'classification' && column.top && column.top.length > 0 && (
          <ul className="row" style={{ padding: 0, '--gap': '6px' } as React.CSSProperties}>
            {column.top.slice(0, 6).map((one) => <li key={one.value}><Chip><span><bdi>{String(one.value)}</bdi>: <span className="num">{number(one.count)}</span></span></Chip></li>)}
          </ul>
        )}
      </div>
    </Panel>
  );
}

function Manage({ dataset, sheets }: { dataset: Dataset; sheets?: string[] }) {
  const go = useGo();
  const [ask, setAsk] = useState<'rename' | 'read' | 'delete' | null>(null);
  const mayMake = useMay('make');
  const close = () => setAsk(null);
  if (!mayMake) return null;
  return (
    <div className="row">
      <Button variant="default" onClick={() => setAsk('rename')}>{t('profile.rename')}</Button>
      {sheets && settingsFor(dataset.file_name).length > 0 && <Button variant="default" onClick={() => setAsk('read')}>{t('again.open')}</Button>}
      <Button variant="default" onClick={() => setAsk('delete')} style={{ color: 'var(--stop)' }}>{t('profile.delete')}</Button>
      {ask === 'read' && <Suspense><ReadDialog title={t('again.title')} onClose={close}><Reading dataset={dataset} sheets={sheets ?? []} onDone={close} /></ReadDialog></Suspense>}
      {ask === 'rename' && (
        <Rename
          title={t('profile.rename')}
          label={t('new.name')}
          name={dataset.name}
          onClose={close}
          onRename={async (name) => {
            queryClient.setQueryData(datasetQuery(dataset.id).queryKey, await patch<Dataset>(`/datasets/${dataset.id}`, { name } satisfies RenameRequest));
            void queryClient.invalidateQueries({ queryKey: ['datasets'] });
          }}
        />
      )}
      {ask === 'delete' && (
        <Confirm
          title={t('profile.deleteTitle', { name: dataset.name })}
          action={t('profile.delete')}
          onClose={close}
          onConfirm={async () => {
            await deleteSoon({
              id: dataset.id, path: `/datasets/${dataset.id}`, name: dataset.name,
              onGone: () => {
                void queryClient.invalidateQueries({ queryKey: ['datasets'], refetchType: 'all' });
                queryClient.removeQueries({ queryKey: ['dataset', dataset.id] });
                toast(t('profile.deleted', { name: dataset.name }));
              },
            });
            await go('/data', { replace: true });
          }}
        >
          <p>{t('profile.deleteText')}</p>
        </Confirm>
      )}
    </div>
  );
}
