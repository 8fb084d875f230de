//! Several statements on one way. SQLite works on a thread of its own, and the way there and back costs more than most
//! statements do: there they travel as one text. PostgreSQL takes one statement with values at a time.

use sea_orm::prelude::*;
use sea_orm::{DbBackend, QueryResult, Statement, Value, Values};

use crate::error::Result;

/// What a combined question calls the place of the question a row answers.
const PLACE: &str = "asked_at_place";

/// Executes statements in their order. After an error the transaction they belong to is of no more use.
pub(crate) async fn execute(
    database: &impl ConnectionTrait,
    statements: Vec<Statement>,
) -> Result<()> {
    if database.get_database_backend() != DbBackend::Sqlite {
        for statement in statements {
            database.execute_raw(statement).await?;
        }
        return Ok(());
    }
    let texts: Vec<&str> = statements.iter().map(|one| one.sql.as_str()).collect();
    let text = texts.join("; ");
    if !text.is_empty() {
        database.execute_raw(joined(text, statements)).await?;
    }
    Ok(())
}

/// The rows of each question, in the questions' order.
pub(crate) async fn select<const QUESTIONS: usize>(
    database: &impl ConnectionTrait,
    questions: [Statement; QUESTIONS],
) -> Result<[Vec<QueryResult>; QUESTIONS]> {
    let mut answers = [const { Vec::new() }; QUESTIONS];
    if database.get_database_backend() != DbBackend::Sqlite {
        for (answer, question) in answers.iter_mut().zip(questions) {
            *answer = database.query_all_raw(question).await?;
        }
        return Ok(answers);
    }
    let texts: Vec<String> = questions
        .iter()
        .enumerate()
        .map(|(place, one)| format!("SELECT {place} AS {PLACE}, * FROM ({})", one.sql))
        .collect();
    let all = joined(texts.join("; "), Vec::from(questions));
    for row in database.query_all_raw(all).await? {
        let place: i64 = row.try_get("", PLACE)?;
        if let Some(answer) = usize::try_from(place)
            .ok()
            .and_then(|place| answers.get_mut(place))
        {
            answer.push(row);
        }
    }
    Ok(answers)
}

/// One statement of a text and the values of the statements it was made of.
fn joined(text: String, statements: Vec<Statement>) -> Statement {
    let values: Vec<Value> = statements
        .into_iter()
        .filter_map(|statement| statement.values)
        .flat_map(|values| values.0)
        .collect();
    Statement {
        sql: text,
        values: Some(Values(values)),
        db_backend: DbBackend::Sqlite,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
    use super::*;
    use crate::database::Database;
    use crate::{DatabasePlace, StoreError};

    fn statement(text: &str, values: impl IntoIterator<Item = i64>) -> Statement {
        let values = values.into_iter().map(Value::from);
        Statement::from_sql_and_values(DbBackend::Sqlite, text, values)
    }

    async fn opened(folder: &std::path::Path) -> Database {
        let place = DatabasePlace::File(folder.join("test.db"));
        let database = Database::open(&place, 1, true).await.unwrap();
        let table = "CREATE TABLE kept (number INTEGER UNIQUE)";
        database.writer().execute_unprepared(table).await.unwrap();
        database
    }

    fn numbers(rows: &[QueryResult]) -> Vec<i64> {
        rows.iter()
            .map(|row| row.try_get("", "number").unwrap())
            .collect()
    }

    #[tokio::test]
    async fn every_statement_and_every_question_gets_its_own_values() {
        let folder = tempfile::tempdir().unwrap();
        let database = opened(folder.path()).await;
        let inserts = vec![
            statement("INSERT INTO kept VALUES (?), (?)", [1, 2]),
            statement("INSERT INTO kept VALUES (?)", [3]),
            statement("UPDATE kept SET number = ? WHERE number = ?", [9, 2]),
        ];
        execute(database.writer(), inserts).await.unwrap();
        let questions = [
            statement("SELECT number FROM kept WHERE number > ?", [2]),
            statement("SELECT number FROM kept WHERE number > ?", [100]),
            statement("SELECT number FROM kept WHERE number IN (?, ?)", [1, 9]),
        ];
        let [above_2, above_100, named] = select(database.read(), questions).await.unwrap();
        assert_eq!(numbers(&above_2), [3, 9]);
        assert!(above_100.is_empty());
        assert_eq!(numbers(&named), [1, 9]);
        execute(database.writer(), Vec::new()).await.unwrap();
    }

    #[tokio::test]
    async fn an_error_in_the_middle_is_told_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let database = opened(folder.path()).await;
        let change = database.write().await.unwrap();
        let statements = vec![
            statement("INSERT INTO kept VALUES (?)", [1]),
            statement("INSERT INTO kept VALUES (?)", [1]),
            statement("INSERT INTO kept VALUES (?)", [2]),
        ];
        let error = execute(&change, statements).await.unwrap_err();
        assert!(matches!(error, StoreError::Database(_)), "{error}");
        drop(change);
        let all = [statement("SELECT number FROM kept", [])];
        assert!(select(database.read(), all).await.unwrap()[0].is_empty());
    }
}
