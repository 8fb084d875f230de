// The texts of the help page. They are long and belong to that page alone, so they are not in the catalogue that
// every page carries.
export interface Entry {
  id: string;
  title: string;
  text: string;
}

export const QUESTIONS: Entry[] = [
  { id: 'table', title: 'What should my table look like?', text: 'One row per case, one column per fact, the names in the first line. CSV, TSV, XLSX, Parquet and JSON lines are read; separators, decimal signs and encodings are recognised. Empty cells, mixed spellings and odd dates are fine: they are reported, not refused.' },
  { id: 'target', title: 'Which column can be predicted?', text: 'Any whose value you know for the rows you have and want to know for rows to come. Words, yes and no, and whole numbers with at most ten different values make a classification; other numbers make a regression.' },
  { id: 'leak', title: 'Why should I leave out a column?', text: 'Because it would not be known yet when you predict. A column that was filled in after the fact, such as a date of cancellation, gives the answer away: the model looks perfect and is useless.' },
  { id: 'many', title: 'How many rows are enough?', text: 'With fewer than a hundred every measure is mostly luck; some hundreds make a start; with thousands, details count. The ranges beside each measure say how sure it is.' },
  { id: 'time', title: 'How long does training take?', text: 'Quick tries each kind of model once, most often in seconds. Balanced tries several settings of each, Thorough many. You may close the page: the server goes on and remembers.' },
  { id: 'good', title: 'Is my model good?', text: 'Compare it with guessing, which stands beside each measure. A model right 93 times out of 100 is poor when guessing is right 92 times. Then look where it is wrong, and whether those mistakes matter to you.' },
  { id: 'seen', title: 'Why are some rows kept back?', text: 'A model can learn its rows by heart. What counts is how it does on rows it never saw, so a fifth of them (more or less, as you like) is kept for the test and used for nothing else.' },
  { id: 'folds', title: 'What does “repeat the test” do?', text: 'The table is parted into as many pieces, and each piece is once the test for a model trained on the others. The spread over the pieces shows how much of the result is luck.' },
  { id: 'missing', title: 'What happens to empty cells?', text: 'The model learns what to put there from the training rows, and keeps a note that the cell was empty. You may leave fields empty when you predict, too.' },
  { id: 'outside', title: '“Beyond what the model has mostly seen”?', text: 'The value lies outside of nineteen in twenty of the rows it learned from. It answers all the same, but nobody has checked how well.' },
  { id: 'sure', title: 'How sure is “80 % sure”?', text: 'Each classifier has a plot that compares what it said with what was so. On the dashed line, 80 % means 80 of 100. Below the line it is too sure of itself.' },
  { id: 'tune', title: 'What is tuning?', text: 'Trying many settings of one algorithm and keeping the best. Every setting is judged on parts of the training rows; the test rows stay unseen until the end. The usual setting is tried first, so that you see what tuning gained: often little.' },
  { id: 'believe', title: 'Scores that are too good?', text: 'Use “Can it be believed?” on the model’s page. It learns once from shuffled answers, which must make it no better than guessing, looks for test rows it has seen, and for a column that knows the answer by itself.' },
  { id: 'wrong', title: 'Which rows does it get wrong?', text: 'Press a number in the table under “Where it is right and wrong”: the test rows behind it are shown, for pictures the pictures. Look for what they have in common. Often some of them were labelled wrongly in the table itself.' },
  { id: 'why', title: 'Where do the reasons of an answer come from?', text: 'From the model itself: how much each column moves this answer away from what would be said of a row about which nothing is known. They say what the model looks at, not what causes what.' },
  { id: 'what-if', title: 'What do the sliders under an answer cost?', text: 'Nothing. One prediction computes the answer for every place of every slider. With one slider moved you read what the model says; with several, their effects are added up, and the page calls that an estimate.' },
  { id: 'drift', title: 'What does “moved much since training” mean?', text: 'The rows it is asked about share out over the values of a column differently than in training (a population stability index above 0.25). Often something broke where they come from; if not, the world has changed and the model should learn from newer rows.' },
  { id: 'truth', title: 'How do I know that a model is still right?', text: 'Say what turned out to be true: on a receipt under “How it fares”, or for many at once with a table of ids and truths. From then on you see how right it is by the day, beside how right it was when it was made.' },
  { id: 'champion', title: 'What is a champion?', text: 'The version of a model that others should use. Scripts ask for “name@champion” and follow when you point it at another version, also back at an earlier one.' },
  { id: 'pictures', title: 'Can it learn from pictures?', text: 'Yes: bring a zip with one folder for each class and the pictures inside. To have many answered in one go, bring a zip of them under “Try it”. Digits are read out of the box. What is drawn or written is cut out and put in the middle, so size and place do not matter.' },
  { id: 'same', title: 'Will I get the same model again?', text: 'Yes: the same data, settings and seed give the same model, byte for byte, however many processor cores work on it.' },
  { id: 'tokens', title: 'What are tokens?', text: 'What work on this server costs. Looking at data is free; training and predicting have prices that stand on their buttons. What fails is returned. An administrator hands out more.' },
  { id: 'share', title: 'How do I share a model?', text: 'In its settings: with everybody who has an account, who then pay for what they ask; or by a link with anybody at all, for which you pay. A link that is taken back never works again. Nobody sees your data.' },
  { id: 'script', title: 'Can a script use my models?', text: 'Yes. Make an API key on your account page with as few rights as it needs, and copy the call from “Use from code” on the model’s page.' },
  { id: 'delete', title: 'What happens when I delete something?', text: 'It is gone for good, also from the disk once nothing else needs it. Models stay when the data they learned from is deleted.' },
  { id: 'password', title: 'I forgot my password', text: 'Ask an administrator: they can hand you a link with which you choose a new one. No mail is sent by this server.' },
];

export const METRICS: Entry[] = [
  { id: 'accuracy', title: 'Accuracy', text: 'Of 100 new rows, how many are answered rightly. Says little when one class is rare: whoever always says “no” is right most of the time.' },
  { id: 'balanced_accuracy', title: 'Balanced accuracy', text: 'As accuracy, with every class counted the same however rare. Guessing gets one divided by the number of classes.' },
  { id: 'precision', title: 'Precision', text: 'Of those it flags, how many are right. High precision means few false alarms.' },
  { id: 'recall', title: 'Recall', text: 'Of those to find, how many are found. High recall means few are missed.' },
  { id: 'f1', title: 'F1', text: 'One number for precision and recall together, low when either is low. “Macro” takes the mean over classes, “weighted” counts each by its rows.' },
  { id: 'roc_auc', title: 'ROC AUC', text: 'Given one of each class, how often the right one gets the higher probability. 50 % is a coin toss, 100 % is never wrong.' },
  { id: 'pr_auc', title: 'PR AUC', text: 'How right it is on average as it is asked to find more and more of a rare class. Guessing gets the share of that class.' },
  { id: 'log_loss', title: 'Log loss', text: 'How far its probabilities were off, with confident mistakes counted very hard. Less is better.' },
  { id: 'brier', title: 'Brier score', text: 'The mean squared distance of its probabilities from what happened. Less is better.' },
  { id: 'mcc', title: 'Matthews correlation', text: 'How well answers and truth go together, from −1 over 0 (guessing) to 1, fair also with rare classes.' },
  { id: 'r2', title: 'R²', text: 'How much of the differences between rows it explains. 0 is as good as always saying the mean; below 0 is worse than that.' },
  { id: 'mae', title: 'Mean absolute error', text: 'How far off it is on average, in the units of the column.' },
  { id: 'rmse', title: 'Root mean square error', text: 'As the mean absolute error, but large misses count far more.' },
  { id: 'mse', title: 'Mean squared error', text: 'The square of the former.' },
  { id: 'mape', title: 'Mean percentage error', text: 'How far off it is on average, in percent of the true value. Of little use where true values come near zero.' },
  { id: 'median_ae', title: 'Median absolute error', text: 'Half of its misses are smaller than this. A few huge misses do not move it.' },
];

export const TERMS: Entry[] = [
  { id: 'classification', title: 'Classification', text: 'The answer is one of a few words: yes or no, red, green or blue.' },
  { id: 'regression', title: 'Regression', text: 'The answer is a number: a price, a duration, a temperature.' },
  { id: 'baseline', title: 'Guessing (the baseline)', text: 'Always gives the most usual answer, or the mean, and looks at no column. Whatever cannot beat it has learned nothing.' },
  { id: 'contender', title: 'Contender', text: 'One algorithm with one choice of settings in the race for the best model.' },
  { id: 'ensemble', title: 'Ensemble', text: 'Several models that answer together, each with its share.' },
  { id: 'confusion', title: 'Confusion matrix', text: 'The table of what was so against what the model said. The diagonal is right.' },
  { id: 'importance', title: 'Importance', text: 'How much worse the model gets when a column is shuffled, so that it says nothing any more.' },
  { id: 'calibration', title: 'Calibration', text: 'Whether its probabilities can be taken at their word.' },
  { id: 'threshold', title: 'Cut (threshold)', text: 'From which probability on the answer is “yes”. Higher: fewer false alarms, more missed.' },
  { id: 'residual', title: 'Residual', text: 'The true value minus the predicted one.' },
  { id: 'dependence', title: 'How one column acts (partial dependence)', text: 'The mean answer over test rows when one column is set to each value and the others stay as they are, also where such rows would be odd.' },
  { id: 'learning-curve', title: 'Learning curve', text: 'Scores of models that learned from a tenth of the rows, a fifth and so on. Still rising at the end: more rows should help.' },
  { id: 'lineage', title: 'Lineage', text: 'What a model was made from: the fingerprint of its data, the request, the seed and the program.' },
  { id: 'identifier', title: 'Identifier', text: 'A column that is different in every row, such as a number or a name. It says nothing about new rows and is left out.' },
  { id: 'hyperparameter', title: 'Parameter of an algorithm', text: 'A setting that is chosen before it learns, such as how many trees there are. Below stands each one there is.' },
];
