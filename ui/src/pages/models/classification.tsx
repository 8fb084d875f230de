// The plots of a classifier. With two classes, one slider moves the matrix and the points on both curves.
import { Button, NativeSelect, Slider } from '@mantine/core';
import '@mantine/core/styles/Slider.layer.css';
import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react';
import type { Model, Report } from '../../api/types';
import { list, number, percent } from '../../app/format';
import { t } from '../../app/t';
import { Curves } from '../../charts/curves';
import { ConfusionMatrix, worstPairs } from '../../charts/heatmap';
import { Lines } from '../../charts/lines';
import { Panel } from '../../design/parts';
import { bestCut, type Cut, cutAt } from './cut';
import { calibrationFinding, matrixFinding, prFinding, rocFinding } from './findings';
import { PerClass } from './good';

const CellRows = lazy(() => import('./cell-rows').then((module) => ({ default: module.CellRows })));

/** More lines than this cannot be told apart; the picker shows the others one at a time. */
const MOST_LINES = 6;
const DEFAULT_CUT = 0.5;

export function Classification({ model, report, children }: { model: Model; report: Report; children: ReactNode }) {
  const [picked, setPicked] = useState('');
  const [threshold, setThreshold] = useState(DEFAULT_CUT);
  const cut = useMemo(() => (threshold === DEFAULT_CUT ? null : cutAt(report, threshold)), [report, threshold]);
  const current = useMemo(() => cutAt(report, threshold), [report, threshold]);
  const matrix = report.confusion_matrix;
  const [cell, setCell] = useState<[string, string] | null>(null);
  // The rows are the owner's, there as long as the table is, and counted where the model itself draws the line.
  const onCell = model.shared_by || !model.dataset_id || cut ? undefined : (really: string, answered: string) => setCell([really, answered]);
  const classes = report.classes ?? matrix?.classes ?? [];
  const binary = classes.length === 2;
  const positive = report.positive_class ?? classes[1] ?? '';
  const many = classes.length > 2;
  // With two classes the second curve is the first one mirrored: one is enough.
  const choose = <T extends { class: string }>(curves: T[] | null | undefined): T[] => {
    const all = curves ?? [];
    if (binary) return all.filter((curve) => curve.class === positive).concat(all.length > 0 && !all.some((curve) => curve.class === positive) ? all.slice(0, 1) : []);
    return picked ? all.filter((curve) => curve.class === picked) : all.slice(0, MOST_LINES);
  };
  const roc = choose(report.roc);
  const pr = choose(report.pr);
  const calibration = choose(report.calibration);
  return (
    <>
      <div className="two">
        {matrix && (
          <Panel title={<><span className="over">{t('model.confusion.title')}</span><br /><bdi>{matrixFinding(cut ? { ...matrix, counts: cut.counts } : matrix, positive)}</bdi></>}>
            <div className="stack">
              <p className="small soft">{t('model.confusion.how')}{onCell && ` ${t('model.cell.how')}`}</p>
              {matrix.classes.length > 12 ? <LargeMatrix {...matrix} onCell={onCell} /> : <ConfusionMatrix classes={matrix.classes} counts={cut?.counts ?? matrix.counts} onCell={onCell} />}
            </div>
          </Panel>
        )}
        {current ? <CutPanel cut={current} sweep={report.threshold_sweep} positive={positive} threshold={threshold} onThreshold={setThreshold} /> : <PerClass report={report} />}
      </div>
      {current && <PerClass report={report} />}
      {many && (
        <NativeSelect
          label={t('model.class')}
          value={picked}
          onChange={(event) => setPicked(event.currentTarget.value)}
          data={[{ value: '', label: t('model.classAll') }, ...classes.map((name) => ({ value: name, label: name }))]}
          style={{ maxWidth: 280 }}
        />
      )}
      <div className="two">
        {roc.length > 0 && (
          <div className="panel">
            <Curves
              title={rocFinding(roc)} over={t('model.roc.title')} how={t('model.roc.how')} name="roc" xLabel={t('model.roc.x')} yLabel={t('model.roc.y')} guide={[[0, 0], [1, 1]]}
              summary={t('model.roc.summary', { list: list(roc.map((curve) => `${curve.class} ${number(curve.auc, 3)}`)) })}
              curves={roc.map((curve) => ({ name: `${curve.class} (AUC ${number(curve.auc, 3)})`, xs: curve.fpr, ys: curve.tpr }))}
              mark={current?.roc ?? null}
            />
          </div>
        )}
        {pr.length > 0 && (
          <div className="panel">
            <Curves
              title={prFinding(pr)} over={t('model.pr.title')} how={t('model.pr.how')} name="precision-recall" xLabel={t('model.pr.x')} yLabel={t('model.pr.y')}
              summary={t('model.pr.summary', { list: list(pr.map((curve) => `${curve.class} ${number(curve.ap, 3)}`)) })}
              curves={pr.map((curve) => ({ name: `${curve.class} (AP ${number(curve.ap, 3)})`, xs: curve.recall, ys: curve.precision }))}
              mark={current ? [current.recall, current.precision] : null}
            />
          </div>
        )}
        {calibration.length > 0 && (
          <div className="panel">
            <Curves
              title={calibrationFinding(calibration)} over={t('model.calibration.title')} how={calibration.length === 1 ? `${t('model.calibration.how')} ${t('model.calibration.counts')}` : t('model.calibration.how')} name="calibration" xLabel={t('model.calibration.x')} yLabel={t('model.calibration.y')} guide={[[0, 0], [1, 1]]}
              summary={t('model.calibration.summary', { count: calibration[0]?.bins.length ?? 0 })}
              curves={calibration.map((curve) => {
                const bins = curve.bins.filter((bin) => bin.count > 0);
                return { name: curve.class, xs: bins.map((bin) => bin.predicted), ys: bins.map((bin) => bin.observed), dots: calibration.length === 1, ...(calibration.length === 1 ? { counts: bins.map((bin) => bin.count) } : {}) };
              })}
            />
          </div>
        )}
        {children}
      </div>
      <Suspense>{cell && <CellRows model={model} really={cell[0]} answered={cell[1]} onClose={() => setCell(null)} />}</Suspense>
    </>
  );
}

function CutPanel({ cut, sweep, positive, threshold, onThreshold }: { cut: Cut; sweep: Report['threshold_sweep']; positive: string; threshold: number; onThreshold: (value: number) => void }) {
  return (
    <Panel title={t('model.cut.title')}>
      <div className="stack">
        <div>
          <p className="split" id="cut-label"><span>{t('model.cut.label', { class: positive })}</span><b className="num">{t('model.cut.value', { share: percent(threshold, 0) })}</b></p>
          <Slider
            min={0.01} max={0.99} step={0.01} value={threshold} onChange={onThreshold} label={null} size={6} thumbSize={24} my="sm"
            thumbProps={{ 'aria-labelledby': 'cut-label', 'aria-valuetext': percent(threshold, 0) }}
          />
        </div>
        <dl className="facts" aria-live="polite">
          <dt>{t('model.cut.precision')}</dt><dd><b>{percent(cut.precision)}</b> <span className="soft">{t('metric.precision')}</span></dd>
          <dt>{t('model.cut.recall')}</dt><dd><b>{percent(cut.recall)}</b> <span className="soft">{t('metric.recall')}</span></dd>
          <dt>{t('model.cut.accuracy')}</dt><dd><b>{percent(cut.accuracy)}</b> <span className="soft">{t('metric.accuracy')}</span></dd>
        </dl>
        <p className="small soft">{t('model.cut.how')}</p>
        {sweep && (
          <details>
            <summary>{t('model.cut.sweep')}</summary>
            <Lines
              level={3} height={240} title={t('model.cut.sweepTitle', { class: positive })} how={t('model.cut.sweepHow')} name="threshold-sweep" xLabel={t('model.cut.sweepX')} yLabel={t('model.cut.sweepY')}
              lines={(['precision', 'recall', 'f1'] as const).map((name) => ({ name: t(`metric.${name}`), xs: sweep.thresholds, ys: sweep[name] }))}
              formatX={(value) => percent(value, 0)} formatY={(value) => percent(value, 0)} limits={[0, 1]} rug={[cut.threshold]}
              summary={t('model.cut.sweepSummary', { class: positive, best: percent(bestCut(sweep), 0) })}
            />
          </details>
        )}
        <div><Button size="xs" variant="default" disabled={threshold === DEFAULT_CUT} onClick={() => onThreshold(DEFAULT_CUT)}>{t('model.cut.reset')}</Button></div>
      </div>
    </Panel>
  );
}

function LargeMatrix({ classes, counts, onCell }: { classes: string[]; counts: number[][]; onCell?: (really: string, answered: string) => void }) {
  const [open, setOpen] = useState(false);
  const pairs = worstPairs(classes, counts);
  return (
    <div className="stack">
      {pairs.length === 0 ? <p>{t('model.confusion.none')}</p> : (
        <div>
          <h3>{t('model.confusion.pairs')}</h3>
          <ul className="listing">
            {pairs.slice(0, 10).map((pair) => (
              <li key={`${pair.real}:${pair.answered}`}><span>{onCell ? <button type="button" className="linkish" onClick={() => onCell(pair.real, pair.answered)}>{t('model.confusion.pair', { real: pair.real, answered: pair.answered })}</button> : t('model.confusion.pair', { real: pair.real, answered: pair.answered })}</span><span className="num soft">{number(pair.count)} ({percent(pair.share)})</span></li>
            ))}
          </ul>
        </div>
      )}
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{t('model.confusion.matrix')}</summary>
        {open && <ConfusionMatrix classes={classes} counts={counts} onCell={onCell} />}
      </details>
    </div>
  );
}
