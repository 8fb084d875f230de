// The plots of a model that estimates a number.
import type { ReactNode } from 'react';
import type { Report } from '../../api/types';
import { t } from '../../app/t';
import { Hexbin } from '../../charts/hexbin';
import { Histogram } from '../../charts/histogram';
import { errorFinding, predictedFinding, residualFinding } from './findings';

export function RegressionPlots({ report, children }: { report: Report; children: ReactNode }) {
  const residuals = report.residuals;
  if (!residuals) return <>{children}</>;
  const count = residuals.sample.length;
  return (
    <div className="two">
      <div className="panel">
        <Hexbin
          title={predictedFinding(residuals)} over={t('model.predicted.title')} how={t('model.predicted.how')} name="predicted-real" square
          summary={t('model.predicted.summary', { count })} xLabel={t('model.predicted.x')} yLabel={t('model.predicted.y')}
          points={residuals.sample.map((row) => ({ x: row.actual, y: row.predicted }))}
          guide={(x, y) => {
            const [low, high] = x.domain() as [number, number];
            return <line className="guide" x1={x(low)} y1={y(low)} x2={x(high)} y2={y(high)} />;
          }}
        />
      </div>
      <div className="panel">
        <Hexbin
          title={residualFinding(residuals)} over={t('model.residuals.title')} how={t('model.residuals.how')} name="residuals"
          summary={t('model.residuals.summary', { count })} xLabel={t('model.residuals.x')} yLabel={t('model.residuals.y')}
          points={residuals.sample.map((row) => ({ x: row.predicted, y: row.actual - row.predicted }))}
          guide={(x, y) => <line className="guide" x1={x.range()[0]} x2={x.range()[1]} y1={y(0)} y2={y(0)} />}
        />
      </div>
      <div className="panel">
        <Histogram title={errorFinding(residuals)} over={t('model.errors.title')} how={t('model.errors.how')} bins={residuals.histogram} name="errors" />
      </div>
      {children}
    </div>
  );
}
