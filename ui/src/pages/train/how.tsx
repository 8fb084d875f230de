// How a model is looked for: a race of all algorithms, one algorithm, one that is tuned, or several side by side.
import { Checkbox, NumberInput } from '@mantine/core';
import '@mantine/core/styles/Checkbox.layer.css';
import '@mantine/core/styles/NumberInput.layer.css';
import { lazy, Suspense } from 'react';
import type { Problem } from '../../api/problem';
import type { Algorithm, Task } from '../../api/types';
import { t } from '../../app/t';
import { Choices } from '../../design/choices';
import { Skeleton } from '../../design/parts';
import { SEVERAL, type TrainSettings } from './settings';

const Tuning = lazy(() => import('./tuning').then((module) => ({ default: module.Tuning })));

/** As many as the server compares at once. */
export const MOST_COMPARED = 10;
const EFFORTS = ['quick', 'balanced', 'thorough'] as const;
const WAYS = ['one', 'tune', 'several'] as const;
export type Way = (typeof EFFORTS)[number] | (typeof WAYS)[number];

export function wayOf(settings: Pick<TrainSettings, 'algorithm' | 'effort' | 'tune'>): Way {
  if (settings.algorithm === 'auto') return settings.effort;
  if (settings.algorithm === SEVERAL) return 'several';
  return settings.tune ? 'tune' : 'one';
}

/** What a way needs said, kept from before where it fits. */
export function chosenWay(way: Way, settings: TrainSettings, fits: Algorithm[]): Partial<TrainSettings> {
  if (way === 'quick' || way === 'balanced' || way === 'thorough') return { effort: way, algorithm: 'auto', params: {}, tune: '', space: {}, seconds: way === 'thorough' ? settings.seconds : 0 };
  const names = fits.map((one) => one.name);
  // While the list is still on its way, what is usual is taken to be in it.
  const may = (name: string) => names.length === 0 || names.includes(name);
  const usual = ['gradient_boosting', 'random_forest'].find(may) ?? names[0] ?? 'auto';
  const named = settings.algorithm !== 'auto' && settings.algorithm !== SEVERAL;
  const algorithm = named && may(settings.algorithm) ? settings.algorithm : usual;
  if (way === 'one') return { algorithm, tune: '', space: {} };
  if (way === 'tune') return { algorithm, tune: settings.tune || 'bayesian' };
  const start = ['linear_regression', 'logistic_regression', 'random_forest', 'gradient_boosting'].filter(may);
  return { algorithm: SEVERAL, params: {}, tune: '', space: {}, several: settings.several.length > 0 ? settings.several : start };
}

/** The algorithms that can be asked for by name for a task. */
export function fitting(algorithms: Algorithm[], task: Task | null): Algorithm[] {
  return algorithms.filter((one) => one.name !== 'auto' && (task === null || one.tasks.includes(task)));
}

interface Props {
  settings: TrainSettings;
  onChange: (part: Partial<TrainSettings>) => void;
  algorithms: Algorithm[];
  task: Task | null;
  problem: Problem | null;
}

export function How({ settings, onChange, algorithms, task, problem }: Props) {
  const fits = fitting(algorithms, task);
  const way = wayOf(settings);
  const title = fits.find((one) => one.name === settings.algorithm)?.title ?? settings.algorithm;
  return (
    <div className="stack">
      <Choices<Way>
        legend={t('train.q2')} hideLegend value={way} onChange={(next) => onChange(chosenWay(next, settings, fits))}
        choices={[
          ...EFFORTS.map((effort) => ({ value: effort, label: t(`train.effort.${effort}`), note: t(`train.effort.${effort}Note`) })),
          ...WAYS.map((one) => ({ value: one, label: t(`train.way.${one}`), note: t(`train.way.${one}Note`) })),
        ]}
      />
      {way === 'thorough' && (
        <NumberInput
          label={t('tune.seconds')} description={t('train.secondsNote')} inputWrapperOrder={['label', 'input', 'description', 'error']} min={0} max={86_400} clampBehavior="blur" allowDecimal={false} placeholder={t('tune.noLimit')}
          value={settings.seconds || ''} error={problem?.field('/budget')} onChange={(value) => onChange({ seconds: typeof value === 'number' ? value : 0 })} style={{ maxWidth: 420 }}
        />
      )}
      {way === 'one' && <p className="soft">{t('train.one', { name: title })}</p>}
      {way === 'tune' && <Suspense fallback={<Skeleton height={240} />}><Tuning settings={settings} onChange={onChange} algorithms={fits} task={task} problem={problem} /></Suspense>}
      {way === 'several' && (
        <div role="group" aria-label={t('train.several')} className="stack" style={{ '--gap': '8px' } as React.CSSProperties}>
          <h3>{t('train.several')}</h3>
          <div className="params">
            {fits.map((one) => (
              <Checkbox
                key={one.name} label={one.title} description={one.doc} checked={settings.several.includes(one.name)}
                onChange={(event) => onChange({ several: event.currentTarget.checked ? [...settings.several, one.name] : settings.several.filter((name) => name !== one.name) })}
              />
            ))}
          </div>
        </div>
      )}
    </div>
  );
}
