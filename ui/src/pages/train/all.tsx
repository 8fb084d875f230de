// Every other setting of a training. What an algorithm can be told comes from the server's own list, so a new
// algorithm needs nothing here.
import { Checkbox, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import '@mantine/core/styles/Checkbox.layer.css';
import '@mantine/core/styles/NumberInput.layer.css';
import { useState } from 'react';
import type { Problem } from '../../api/problem';
import type { Algorithm, ColumnProfile, Dataset, Setting, Task } from '../../api/types';
import { t } from '../../app/t';
import { Panel } from '../../design/parts';
import { ParamField } from './param';
import { chosenWay, fitting } from './how';
import { candidates, SEVERAL, type TrainSettings } from './settings';

interface Props {
  settings: TrainSettings;
  onChange: (part: Partial<TrainSettings>) => void;
  columns: ColumnProfile[];
  dataset: Dataset;
  algorithms: Algorithm[];
  task: Task | null;
  /** The columns are the pixels of pictures: there is nothing to leave out. */
  pictures: boolean;
  problem: Problem | null;
}

export function AllSettings({ settings, onChange, columns, dataset, algorithms, task, pictures, problem }: Props) {
  const fits = fitting(algorithms, task);
  const algorithm = fits.find((one) => one.name === settings.algorithm);
  // What is searched is not set.
  const params = (algorithm?.params ?? []).filter((param) => !(param.name in settings.space)).filter((param) => !param.tasks || param.tasks.length === 0 || task === null || param.tasks.includes(task));
  const usable = candidates(columns, settings.target);
  const identifiers = columns.filter((column) => column.kind === 'identifier' && column.name !== settings.target);
  // A linked recipe that differs from the usual opens by itself.
  const [wasSet] = useState((settings.algorithm !== 'auto' && settings.algorithm !== SEVERAL && !settings.tune) || settings.without.length > 0);
  const setParam = (name: string, value: Setting | undefined) => {
    const next = { ...settings.params };
    if (value === undefined) delete next[name];
    else next[name] = value;
    onChange({ params: next });
  };
  return (
    <details open={wasSet || (problem?.fields.length ?? 0) > 0 || undefined}>
      <summary>{t('train.settings')}</summary>
      <div className="stack" style={{ marginBlockStart: 12 }}>
        <Panel>
          <div className="params">
            <NativeSelect
              label={t('train.algorithm')}
              description={algorithm?.doc}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              value={settings.algorithm}
              error={problem?.field('/algorithm')}
              onChange={(event) => onChange(event.currentTarget.value === SEVERAL ? chosenWay('several', settings, fits) : { algorithm: event.currentTarget.value, params: {}, space: {}, ...(event.currentTarget.value === 'auto' ? { tune: '' } : {}) })}
              data={[{ value: 'auto', label: t('train.auto') }, ...fits.map((one) => ({ value: one.name, label: one.title })), { value: SEVERAL, label: t('train.way.several') }]}
            />
            <TextInput label={t('train.name')} description={t('train.nameNote')} inputWrapperOrder={['label', 'input', 'description', 'error']} placeholder={dataset.name} maxLength={200} value={settings.name} onChange={(event) => onChange({ name: event.currentTarget.value })} error={problem?.field('/name')} />
            <NumberInput label={t('train.test')} description={t('train.testNote')} inputWrapperOrder={['label', 'input', 'description', 'error']} min={5} max={50} clampBehavior="blur" allowDecimal={false} value={settings.test} onChange={(value) => typeof value === 'number' && onChange({ test: value })} error={problem?.field('/test_size')} />
            {/* A search has parts of its own. */}
            {!settings.tune && <NativeSelect
              label={t('train.folds')}
              value={String(settings.folds)}
              onChange={(event) => onChange({ folds: Number(event.currentTarget.value) })}
              error={problem?.field('/folds')}
              data={[{ value: '0', label: t('train.folds.0') }, ...[3, 5, 10].map((n) => ({ value: String(n), label: t('train.folds.n', { n }) }))]}
            />}
            <NumberInput label={t('train.seed')} description={t('train.seedNote')} inputWrapperOrder={['label', 'input', 'description', 'error']} min={0} allowDecimal={false} value={settings.seed} onChange={(value) => typeof value === 'number' && onChange({ seed: value })} error={problem?.field('/seed')} />
          </div>
        </Panel>
        {algorithm && params.length > 0 && (
          <Panel title={t('train.params', { name: algorithm.title })}>
            <div className="params">
              {params.map((param) => <ParamField key={`${algorithm.name}.${param.name}`} param={param} value={settings.params[param.name]} onValue={(value) => setParam(param.name, value)} error={problem?.field(`/params/${param.name}`)} />)}
            </div>
          </Panel>
        )}
        {!pictures && <Panel title={t('train.features')} actions={<span className="small soft">{t('train.featuresHelp', { used: usable.length - settings.without.length, all: usable.length })}</span>}>
          <p className="small soft" style={{ marginBlockEnd: 12 }}>{t('train.featuresNote')}</p>
          <div className="features" role="group" aria-label={t('train.features')} tabIndex={0}>
            {usable.map((column) => (
              <Checkbox
                key={column.name}
                label={column.name}
                description={t(`kind.${column.kind}`)}
                checked={!settings.without.includes(column.name)}
                onChange={(event) => onChange({ without: event.currentTarget.checked ? settings.without.filter((name) => name !== column.name) : [...settings.without, column.name] })}
              />
            ))}
            {identifiers.map((column) => <Checkbox key={column.name} label={column.name} description={t('train.identifier')} checked={false} disabled />)}
          </div>
        </Panel>}
      </div>
    </details>
  );
}
