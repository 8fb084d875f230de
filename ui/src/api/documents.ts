// Documents the OpenAPI file only calls "an object": a file's preview, a data set's profile, a model's report and what
// is found out about it later. They mirror the structs of the same names in crates/table (preview.rs, profile.rs),
// crates/training (report.rs, learning.rs, self_tests.rs) and crates/estimators (explain/dependence.rs); a key the server leaves out when it has no value is optional here.
import type { Kind, Metric, Task } from './types';

export interface Note {
  code: string;
  column?: string;
  detail: string;
}

export interface Preview {
  format: string;
  /** Of a workbook: its sheets in the file's order, and the one that is shown. */
  sheets?: string[];
  sheet?: string;
  /** Of a Parquet file: how many rows it says it has. */
  row_count?: number;
  delimiter: string | null;
  encoding: string | null;
  decimal: string | null;
  header: boolean;
  columns: { name: string; kind: Kind; notes: string[] }[];
  rows: (string | null)[][];
  notes: Note[];
}

/** A place in a drawn tree; `condition` leads to it from its parent. */
export interface TreeNode {
  id: number;
  parent?: number | null;
  depth: number;
  condition?: { column: string; text: string } | null;
  column?: string | null;
  children?: [number, number] | null;
  rows?: number | null;
  answer?: number[] | null;
  cut: boolean;
}

/** The upper part of one tree of a model, and how its ends are reached. */
export interface TreeDrawing {
  tree: number;
  trees: number;
  answers: 'shares' | 'value' | 'score';
  classes?: string[] | null;
  nodes: TreeNode[];
  rules: { node: number; text: string; rows?: number | null; answer?: number[] | null }[];
  more_rules: number;
}

export interface Histogram {
  edges: number[];
  counts: number[];
}

export interface ColumnProfile {
  name: string;
  kind: Kind;
  missing: number;
  distinct: number;
  min?: number;
  quartiles?: [number, number, number];
  max?: number;
  mean?: number;
  std?: number;
  histogram?: Histogram;
  top?: { value: string; count: number }[];
  other?: number;
  labels?: [string, string];
  association?: { column?: string; target: string; value: number; method: string };
}

export interface ProfileWarning {
  code: string;
  column: string | null;
  detail: string;
  action: string;
}

export interface Profile {
  rows: number;
  duplicate_rows: number;
  columns: ColumnProfile[];
  correlations: { a: string; b: string; value: number; method: string }[];
  warnings: ProfileWarning[];
  suggested_target: string | null;
  /** Of what came as a workbook: its sheets, and the one that was read. */
  sheets?: string[];
  sheet?: string;
  /** How the columns make pictures, where they do. */
  pictures?: { height: number; width: number; content: 'ink' | 'scene' } | null;
}

export interface RocCurve {
  class: string;
  auc: number;
  fpr: number[];
  tpr: number[];
  thresholds: (number | null)[];
}

export interface PrCurve {
  class: string;
  ap: number;
  recall: number[];
  precision: number[];
  thresholds: (number | null)[];
}

/** A contender as the finished report tells it; while it runs, see `Contender` in types.ts. */
export interface ReportContender {
  algorithm: string;
  title: string;
  params: Record<string, unknown>;
  metric: string;
  value: number | null;
  low: number | null;
  high: number | null;
  fit_seconds: number;
  chosen: boolean;
  baseline: boolean;
  error: string | null;
  /** Most rows it learned from, and the round of an automatic choice it came to. */
  rows?: number;
  rung?: number;
  /** Its share in the ensemble that was chosen. */
  weight?: number;
  /** Whether its settings were found by a search. */
  tuned?: boolean;
}

/** Whether every way to ask a model gives the same answers. */
export interface Certificate {
  rows: number;
  rows_beyond_text: number;
  paths: { path: 'form' | 'json' | 'csv' | 'parquet' | 'onnx'; largest: number | null; labels: number; bound: number; skipped?: string }[];
}

/** How the loss fell while an algorithm learned. */
export interface TrainingHistory {
  algorithm: string;
  title: string;
  step: 'round' | 'epoch';
  loss: string;
  /** Rounds or epochs that were run, and how many of them the model keeps. */
  steps: number;
  kept: number;
  training_rows: number;
  /** Held back to know when to stop; 0 where none were. */
  validation_rows: number;
  points: { step: number; training: number | null; validation: number | null }[];
}

export interface Report {
  certificate?: Certificate;
  task: Task;
  target: string;
  algorithm: string;
  algorithm_title: string;
  params: Record<string, unknown>;
  classes: string[] | null;
  positive_class: string | null;
  main_metric: string;
  rows: { train: number; test: number; dropped: number };
  folds: { count: number; metrics: Record<string, { mean: number; std: number; values: number[] }> } | null;
  metrics: Record<string, Metric>;
  per_class: { class: string; precision: number; recall: number; f1: number; support: number }[] | null;
  confusion_matrix: { classes: string[]; counts: number[][] } | null;
  roc: RocCurve[] | null;
  pr: PrCurve[] | null;
  calibration: { class: string; bins: { predicted: number; observed: number; count: number }[] }[] | null;
  threshold_sweep: { thresholds: number[]; precision: number[]; recall: number[]; f1: number[]; accuracy: number[] } | null;
  residuals: { sample: { actual: number; predicted: number }[]; histogram: Histogram } | null;
  importance: { column: string; mean: number; std: number }[];
  contenders: ReportContender[];
  preparation: { column: string; kind: Kind; steps: string[]; used: boolean; note: string | null }[];
  warnings: { code: string; column: string | null; detail: string }[];
  verdict: string;
  /** One for each fitted algorithm that learns in rounds or epochs; absent in reports of earlier versions. */
  training_history?: TrainingHistory[];
  lineage: { data_hash: string; seed: number; version: string; kernel: string; fit_seconds: number };
}

/** How the mean answer changes when one column is set to each value of a grid. */
export interface Dependence {
  column: string;
  /** Numbers rising (dates in seconds since 1970), or categories from the most frequent. */
  grid: (number | string)[];
  /** Numbers an answer: one a class, or 1. */
  outputs: number;
  /** Points × outputs. */
  mean: number[];
  rows: number[];
  /** Rows × points × outputs. */
  curves: number[];
}

interface Spread {
  mean: number;
  std: number;
  values: number[];
}

export interface LearningCurve {
  metric: string;
  points: { share: number; rows: number[]; train: Record<string, Spread>; test: Record<string, Spread> }[];
}

export interface SelfTest {
  passed: boolean;
  /** A plain sentence. */
  detail: string;
}

export interface SelfTests {
  passed: boolean;
  shuffled_target: SelfTest & { metric: string; values: number[]; baseline: number | null; model: number | null };
  duplicates: SelfTest & { rows: number; of: number };
  leak: SelfTest & { column: string | null; metric: string; value: number | null };
}

export interface Retraining {
  same: boolean;
  model_hash: string | null;
  hash_again: string;
  version_of_program: string;
  kernel: string;
  detail: string;
}
