// Looking for the best parameters of one algorithm: how, how long, and between which values.
import { Checkbox, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import '@mantine/core/styles/Checkbox.layer.css';
import '@mantine/core/styles/NumberInput.layer.css';
import { useState } from 'react';
import type { Problem } from '../../api/problem';
import type { Algorithm, Param, Setting, Task } from '../../api/types';
import { setting } from '../../app/format';
import { t } from '../../app/t';
import { Choices } from '../../design/choices';
import { type Entry, formOf, gridSize, type Ranged, readList, STEPS, usual, wordsOf, writeList } from './space';
import { METHODS, type TrainSettings } from './settings';

interface Props {
  settings: TrainSettings;
  onChange: (part: Partial<TrainSettings>) => void;
  algorithms: Algorithm[];
  task: Task | null;
  problem: Problem | null;
}

const ORDER: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error'];

export function Tuning({ settings, onChange, algorithms, task, problem }: Props) {
  const fits = algorithms.filter((one) => one.params.length > 0 && (task === null || one.tasks.includes(task)));
  const algorithm = fits.find((one) => one.name === settings.algorithm);
  const params = (algorithm?.params ?? []).filter((param) => !param.tasks || param.tasks.length === 0 || task === null || param.tasks.includes(task));
  const grid = settings.tune === 'grid';
  const set = (name: string, entry: Entry | undefined) => {
    const next = { ...settings.space };
    if (entry === undefined) delete next[name];
    else next[name] = entry;
    onChange({ space: next });
  };
  const named = Object.keys(settings.space).length;
  return (
    <div className="stack">
      <div className="params">
        <NativeSelect
          label={t('tune.algorithm')} value={settings.algorithm} error={problem?.field('/algorithm')} description={algorithm?.doc} inputWrapperOrder={ORDER}
          onChange={(event) => onChange({ algorithm: event.currentTarget.value, params: {}, space: {} })} data={fits.map((one) => ({ value: one.name, label: one.title }))}
        />
        {!grid && <NumberInput label={t('tune.trials')} description={t('tune.trialsNote')} inputWrapperOrder={ORDER} min={1} max={10_000} clampBehavior="blur" allowDecimal={false} value={settings.trials} error={problem?.field('/search/trials')} onChange={(value) => typeof value === 'number' && onChange({ trials: value })} />}
        <NumberInput label={t('tune.folds')} description={t('tune.foldsNote')} inputWrapperOrder={ORDER} min={2} max={20} clampBehavior="blur" allowDecimal={false} value={settings.inner} error={problem?.field('/search/folds')} onChange={(value) => typeof value === 'number' && onChange({ inner: value })} />
        <NumberInput label={t('tune.seconds')} description={t('tune.secondsNote')} inputWrapperOrder={ORDER} min={0} max={86_400} clampBehavior="blur" allowDecimal={false} placeholder={t('tune.noLimit')} value={settings.seconds || ''} error={problem?.field('/search/seconds')} onChange={(value) => onChange({ seconds: typeof value === 'number' ? value : 0 })} />
      </div>
      <Choices legend={t('tune.method')} value={settings.tune || 'bayesian'} onChange={(tune) => onChange({ tune })} choices={METHODS.map((method) => ({ value: method, label: t(`tune.${method}`), note: t(`tune.${method}Note`) }))} />
      <details open={named > 0 || undefined}>
        <summary>{t('tune.space')}</summary>
        <div className="stack" style={{ marginBlockStart: 8 }}>
          <p className="small soft wrap">{t('tune.spaceNote')} {grid && named > 0 && <b className="num" role="status">{t('tune.gridSize', { count: gridSize(settings.space) })}</b>}</p>
          <div className="params">
            {params.map((param) => <SpaceField key={`${settings.algorithm}.${param.name}`} param={param} entry={settings.space[param.name]} onEntry={(entry) => set(param.name, entry)} grid={grid} error={problem?.field(`/search/space/${param.name}`)} />)}
          </div>
          {problem?.field('/search/space') && <p className="small" style={{ color: 'var(--stop)' }}>{problem.field('/search/space')}</p>}
        </div>
      </details>
    </div>
  );
}

interface FieldProps {
  param: Param;
  entry: Entry | undefined;
  onEntry: (entry: Entry | undefined) => void;
  grid: boolean;
  error?: string;
}

function SpaceField({ param, entry, onEntry, grid, error }: FieldProps) {
  const name = param.name.replaceAll('_', ' ');
  return (
    <div className="stack" style={{ '--gap': '8px' } as React.CSSProperties} role="group" aria-label={name}>
      <Checkbox label={t('tune.search', { name })} description={param.doc} checked={entry !== undefined} onChange={(event) => onEntry(event.currentTarget.checked ? usual(param) : undefined)} />
      {entry !== undefined && (Array.isArray(entry) ? (
        formOf(param) === 'words' ? <Words param={param} entry={entry} onEntry={onEntry} /> : <List param={param} entry={entry} onEntry={onEntry} />
      ) : <Between param={param} entry={entry} onEntry={onEntry} grid={grid} />)}
      {error && <p className="small" style={{ color: 'var(--stop)' }} role="alert">{error}</p>}
    </div>
  );
}

function Between({ param, entry, onEntry, grid }: { param: Param; entry: Ranged; onEntry: (entry: Entry) => void; grid: boolean }) {
  const shared = { allowDecimal: param.type !== 'integer', min: param.min ?? undefined, max: param.max ?? undefined, clampBehavior: 'none' as const, hideControls: true, style: { flex: '1 1 90px' } };
  return (
    <div className="row" style={{ '--gap': '8px', alignItems: 'flex-end' } as React.CSSProperties}>
      <NumberInput {...shared} label={t('tune.from')} value={entry.low} onChange={(value) => typeof value === 'number' && onEntry({ ...entry, low: value })} />
      <NumberInput {...shared} label={t('tune.to')} value={entry.high} onChange={(value) => typeof value === 'number' && onEntry({ ...entry, high: value })} />
      {grid && <NumberInput label={t('tune.steps')} allowDecimal={false} min={2} max={100} clampBehavior="blur" hideControls style={{ flex: '0 1 70px' }} value={entry.steps ?? STEPS} onChange={(value) => typeof value === 'number' && onEntry({ ...entry, steps: value })} />}
      {entry.low > 0 && <Checkbox label={t('tune.log')} checked={entry.log ?? false} onChange={(event) => onEntry({ ...entry, log: event.currentTarget.checked })} />}
    </div>
  );
}

function Words({ param, entry, onEntry }: { param: Param; entry: Setting[]; onEntry: (entry: Entry | undefined) => void }) {
  const toggle = (word: Setting, on: boolean) => {
    const next = wordsOf(param).filter((one) => (one === word ? on : entry.includes(one)));
    // Nothing left to choose from: the parameter is not searched.
    onEntry(next.length > 0 ? next : undefined);
  };
  return <div className="row">{wordsOf(param).map((word) => <Checkbox key={String(word)} label={setting(word, t('train.param.none'))} checked={entry.includes(word)} onChange={(event) => toggle(word, event.currentTarget.checked)} />)}</div>;
}

function List({ param, entry, onEntry }: { param: Param; entry: Setting[]; onEntry: (entry: Entry) => void }) {
  const [text, setText] = useState(() => writeList(entry, param));
  const several = param.type.split('|').includes('integers');
  return (
    <TextInput
      label={t('tune.values')} description={[param.allowed, several ? t('tune.valuesMany') : t('tune.valuesNote')].filter(Boolean).join(' · ')} inputWrapperOrder={ORDER} value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        onEntry(readList(event.currentTarget.value, param));
      }}
    />
  );
}
