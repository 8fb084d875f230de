// Whether a model can be believed: self-tests, the learning curve, and whether the same recipe makes the same bytes.
import type { Certificate } from '../../api/documents';
import type { LearningCurve, Model, Retraining, SelfTest, SelfTests } from '../../api/types';
import { compact, number } from '../../app/format';
import { t } from '../../app/t';
import { Lines } from '../../charts/lines';
import { Chip } from '../../design/parts';
import { LOWER_IS_BETTER, metricName } from '../jobs/contenders';
import { CertificatePanel } from './certificate';
import { Check } from './check';
import { exactValue, limitsOf, metricValue } from './words';

export function Checks({ model, certificate }: { model: Model; certificate?: Certificate | undefined }) {
  return (
    <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
      <p className="soft wrap">{t('checks.lead')}</p>
      <div className="two">
        <Check<SelfTests> model={model} kind="self-tests" title={t('checks.self')} lead={t('checks.selfLead')} action={t('checks.selfGo')} show={(found) => <Tested found={found} />} />
        <Check<Retraining> model={model} kind="retraining" title={t('checks.again')} lead={t('checks.againLead')} action={t('checks.againGo')} show={(found) => <Again found={found} />} />
      </div>
      <Check<LearningCurve> model={model} kind="learning-curve" title={t('checks.curve')} lead={t('checks.curveLead')} action={t('checks.curveGo')} show={(found) => <Curve found={found} />} />
      {certificate && <CertificatePanel certificate={certificate} />}
    </div>
  );
}

function Tested({ found }: { found: SelfTests }) {
  const tests: [string, SelfTest][] = [[t('checks.shuffled'), found.shuffled_target], [t('checks.duplicates'), found.duplicates], [t('checks.leak'), found.leak]];
  return (
    <>
      <p className={`notice ${found.passed ? 'engine' : 'signal'}`}>{found.passed ? t('checks.allPassed') : t('checks.someFailed')}</p>
      <ul className="listing">
        {tests.map(([name, test]) => (
          <li key={name}><span className="grow" style={{ overflowWrap: 'anywhere' }}><b>{name}</b><br /><span className="small soft"><bdi>{test.detail}</bdi></span></span><Chip tone={test.passed ? 'engine' : 'signal'}>{test.passed ? t('checks.passed') : t('checks.noticed')}</Chip></li>
        ))}
      </ul>
    </>
  );
}

function Again({ found }: { found: Retraining }) {
  return (
    <>
      <div className={`notice ${found.same ? 'engine' : 'signal'}`}><h3>{found.same ? t('checks.same') : t('checks.other')}</h3><p>{found.detail}</p></div>
      <dl className="facts">
        <dt>{t('checks.hash')}</dt><dd className="mono">{found.model_hash ?? '–'}</dd>
        <dt>{t('checks.hashAgain')}</dt><dd className="mono">{found.hash_again}</dd>
        <dt>{t('checks.kernel')}</dt><dd>{found.kernel}</dd>
      </dl>
    </>
  );
}

/** What the last rows brought, against how much scores vary from part to part. */
export function curveFinding({ metric, points }: LearningCurve): string {
  const [before, last] = [points[points.length - 2]?.test[metric], points[points.length - 1]?.test[metric]];
  if (!before || !last) return t('checks.curve');
  const gain = (last.mean - before.mean) * (LOWER_IS_BETTER.has(metric) ? -1 : 1);
  const luck = Math.max(last.std, before.std) / Math.sqrt(Math.max(1, last.values.length));
  const words = { metric: metricName(metric), from: exactValue(metric, before.mean), to: exactValue(metric, last.mean) };
  return gain > luck ? t('checks.curve.rises', words) : t('checks.curve.flat', words);
}

function Curve({ found }: { found: LearningCurve }) {
  const { metric, points } = found;
  const rows = points.map((point) => point.rows.reduce((sum, count) => sum + count, 0) / Math.max(1, point.rows.length));
  const line = (part: 'train' | 'test') => ({ name: t(`checks.curve.${part}`), xs: rows, ys: points.map((point) => point[part][metric]?.mean ?? Number.NaN), spread: points.map((point) => point[part][metric]?.std ?? 0) });
  const test = line('test');
  return (
    <Lines
      title={curveFinding(found)} how={t('checks.curve.how')} name="learning-curve" xLabel={t('checks.curve.x')} yLabel={metricName(metric)} lines={[test, line('train')]} level={3}
      limits={limitsOf(metric)} formatX={compact} formatY={(value) => metricValue(metric, value)}
      summary={t('checks.curve.summary', { metric: metricName(metric), from: number(Math.round(rows[0] ?? 0)), to: number(Math.round(rows[rows.length - 1] ?? 0)), low: metricValue(metric, Math.min(...test.ys)), high: metricValue(metric, Math.max(...test.ys)) })}
    />
  );
}
